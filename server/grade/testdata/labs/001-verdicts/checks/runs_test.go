//go:build lab

package checks

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"cnalab/labs/check"
)

// A child that holds the output, in a session of its own, does not hold us.
func TestStep03_LeavesAChild(t *testing.T) {
	run(t, "setsid sleep 1717 & sleep 1717 &")
	check.New(t).NotYet(check.Finding{Say: "A child was left behind."})
}

// A child whose parents are gone is ended too.
func TestStep03_LeavesAnOrphan(t *testing.T) { run(t, "(setsid sh -c 'sleep 1717 & sleep 1717 &' &)") }

func TestStep03_ForksOnAndOn(t *testing.T) {
	t.TempDir() // is not removed by who is killed
	run(t, "exec 2>/dev/null; fork() { setsid sleep 1717 & sleep 0.02; fork; }; fork")
	time.Sleep(time.Hour)
}

func TestStep03_PrintsOnAndOn(t *testing.T) {
	line := bytes.Repeat([]byte("all work and no play\n"), 1000)
	for {
		os.Stdout.Write(line)
	}
}

func TestStep03_ItsChildPrintsOnAndOn(t *testing.T) {
	run(t, "yes")
	time.Sleep(time.Hour)
}

func TestStep03_PrintsOneLongLine(t *testing.T) {
	for piece := strings.Repeat("x", 1000); ; {
		fmt.Print(piece)
	}
}

func TestStep03_EatsMemory(t *testing.T) {
	var eaten [][]byte
	for {
		piece := make([]byte, 8<<20)
		for i := 0; i < len(piece); i += 4096 {
			piece[i] = 1
		}
		eaten = append(eaten, piece)
		<-time.After(10 * time.Millisecond)
	}
}

func TestStep03_Passes(t *testing.T) {}

func run(t *testing.T, script string) {
	t.Helper()
	cmd := exec.Command("sh", "-c", script)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	select {
	case <-done:
	case <-time.After(100 * time.Millisecond):
	}
}
