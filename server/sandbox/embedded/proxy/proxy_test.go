package proxy

import (
	"bufio"
	"fmt"
	"net"
	"testing"
	"time"
)

// echo answers each line with itself.
func echo(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				for lines := bufio.NewScanner(conn); lines.Scan(); {
					fmt.Fprintln(conn, lines.Text())
				}
			}()
		}
	}()
	return listener.Addr().String()
}

func ask(conn net.Conn, text string) (string, time.Duration, error) {
	began := time.Now()
	conn.SetDeadline(began.Add(2 * time.Second))
	fmt.Fprintln(conn, text)
	answer, err := bufio.NewReader(conn).ReadString('\n')
	return answer, time.Since(began), err
}

func TestEnableDisableAndLatency(t *testing.T) {
	g, err := New(echo(t))
	if err != nil {
		t.Fatal(err)
	}
	defer g.Close()
	if _, err := net.Dial("tcp", g.Address()); err == nil {
		t.Fatal("a new gate accepts connections, want refused")
	}
	if err := g.Enable(); err != nil {
		t.Fatal(err)
	}
	conn, err := net.Dial("tcp", g.Address())
	if err != nil {
		t.Fatal(err)
	}
	if got, _, err := ask(conn, "hello"); err != nil || got != "hello\n" {
		t.Fatalf("through an open gate: %q, %v", got, err)
	}
	g.SetLatency(150 * time.Millisecond)
	if _, took, err := ask(conn, "slow"); err != nil || took < 150*time.Millisecond {
		t.Errorf("through a slow gate: %v, %v; want no less than 150ms", took, err)
	}
	g.SetLatency(0)
	if _, took, err := ask(conn, "fast"); err != nil || took > 100*time.Millisecond {
		t.Errorf("after the slowness: %v, %v; want no delay", took, err)
	}
	g.Disable()
	if _, _, err := ask(conn, "cut"); err == nil {
		t.Error("a shut gate still answers an old connection")
	}
	if _, err := net.Dial("tcp", g.Address()); err == nil {
		t.Error("a shut gate accepts connections")
	}
	if err := g.Enable(); err != nil {
		t.Fatal(err)
	}
	conn, err = net.Dial("tcp", g.Address())
	if err != nil {
		t.Fatalf("the same address after it was shut: %v", err)
	}
	if got, _, err := ask(conn, "again"); err != nil || got != "again\n" {
		t.Errorf("through a reopened gate: %q, %v", got, err)
	}
}

func TestSlowKeepsThroughput(t *testing.T) {
	g, err := New(echo(t))
	if err != nil {
		t.Fatal(err)
	}
	defer g.Close()
	g.SetLatency(100 * time.Millisecond)
	if err := g.Enable(); err != nil {
		t.Fatal(err)
	}
	conn, err := net.Dial("tcp", g.Address())
	if err != nil {
		t.Fatal(err)
	}
	conn.SetDeadline(time.Now().Add(5 * time.Second))
	began := time.Now()
	const lines = 40
	go func() {
		for range lines {
			fmt.Fprintln(conn, "line")
			time.Sleep(5 * time.Millisecond)
		}
	}()
	answers := bufio.NewScanner(conn)
	for range lines {
		if !answers.Scan() {
			t.Fatal(answers.Err())
		}
	}
	if took := time.Since(began); took > time.Second {
		t.Errorf("%d pipelined answers took %v: the delay is paid for each of them", lines, took)
	}
}
