package docker_test

import (
	"net"
	"net/http"
	"os/exec"
	"strings"
	"testing"
	"time"

	"cnalab/labs"
	"cnalab/server/sandbox"
	"cnalab/server/sandbox/cleanup"
	"cnalab/server/sandbox/docker"
	"cnalab/server/sandbox/sandboxtest"
)

// A proxy that ends comes back where it was, and leads as it did.
func TestProxyComesBack(t *testing.T) {
	needEngine(t)
	data := sandboxtest.Folder(t)
	workspace := writeWorkspace(t, t.TempDir(), "order")
	p := provider(data)
	t.Cleanup(func() { p.Close() })
	lab := sandboxtest.Lab(sandboxtest.Postgres("order"), sandboxtest.Service("order", "order"))
	open, err := p.Open(t.Context(), sandbox.Request{Lab: lab, Learner: "test", Workspace: workspace})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { open.Close() })
	postgres, order := open.Parts()[0].Address, open.Parts()[1].Address
	if err := open.Fault(t.Context(), "order", sandbox.Fault{Kind: labs.Cut}); err != nil {
		t.Fatal(err)
	}
	killProxy(t)
	comesTrue(t, "Postgres answers again", func() bool { return postgresAnswers(postgres) })
	if orderAnswers(order) {
		t.Error("what was cut off is not any more")
	}
	if err := open.Heal(t.Context(), "order"); err != nil {
		t.Fatal(err)
	}
	comesTrue(t, "what was healed answers", func() bool { return orderAnswers(order) })
}

func comesTrue(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !is(); time.Sleep(100 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("it does not come true that %s", what)
		}
	}
}

// killProxy ends the container of the proxy, and waits until it is gone.
func killProxy(t *testing.T) {
	t.Helper()
	out, err := exec.Command("docker", "ps", "-q", "--filter", "label=cnalab.lab="+sandboxtest.LabFolder, "--filter", "name=-proxy-").Output()
	if err != nil || len(strings.Fields(string(out))) != 1 {
		t.Fatalf("find the proxy: %q, %v", out, err)
	}
	if out, err := exec.Command("docker", "rm", "-f", strings.TrimSpace(string(out))).CombinedOutput(); err != nil {
		t.Fatalf("kill the proxy: %v %s", err, out)
	}
}

// postgresAnswers asks a server whether it would speak TLS, which it answers
// before anything else: to be let in is no answer, because the engine lets in
// everybody.
func postgresAnswers(address string) bool {
	conn, err := net.DialTimeout("tcp", address, time.Second)
	if err != nil {
		return false
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(time.Second))
	if _, err := conn.Write([]byte{0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f}); err != nil {
		return false
	}
	_, err = conn.Read(make([]byte, 1))
	return err == nil
}

func orderAnswers(address string) bool {
	answer, err := (&http.Client{Timeout: time.Second}).Get("http://" + address)
	if err != nil {
		return false
	}
	answer.Body.Close()
	return true
}

// A part that is killed amid connections is gone at once: nobody waits for
// those who were on their way to it.
func TestPartThatGoesIsLeftSoon(t *testing.T) {
	needEngine(t)
	p := provider(sandboxtest.Folder(t))
	t.Cleanup(func() { p.Close() })
	lab := sandboxtest.Lab(sandboxtest.Postgres())
	open, err := p.Open(t.Context(), sandbox.Request{Lab: lab, Learner: "test", Workspace: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { open.Close() })
	address := open.Parts()[0].Address
	over := make(chan struct{})
	defer close(over)
	for range 4 {
		go func() {
			for {
				select {
				case <-over:
					return
				default:
					postgresAnswers(address)
				}
			}
		}()
	}
	for range 3 {
		began := time.Now()
		if err := open.Fault(t.Context(), "postgres", sandbox.Fault{Kind: labs.Kill}); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("it took %v to be rid of it", took)
		}
		if err := open.Heal(t.Context(), "postgres"); err != nil {
			t.Fatal(err)
		}
	}
}

// A port that is taken while a sandbox opens is no reason to ask a learner.
func TestOpensOnOtherPortsWhereOneIsTaken(t *testing.T) {
	needEngine(t)
	theirs, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer theirs.Close()
	handed := 0
	t.Cleanup(docker.Reserve(func() (string, error) {
		if handed++; handed == 1 {
			return theirs.Addr().String(), nil
		}
		return cleanup.ReservePort()
	}))
	p := provider(sandboxtest.Folder(t))
	t.Cleanup(func() { p.Close() })
	lab := sandboxtest.Lab(sandboxtest.Postgres())
	open, err := p.Open(t.Context(), sandbox.Request{Lab: lab, Learner: "test", Workspace: writeWorkspace(t, t.TempDir())})
	if err != nil {
		t.Fatal(err)
	}
	defer open.Close()
	if handed < 3 || !postgresAnswers(open.Parts()[0].Address) {
		t.Errorf("of %d addresses handed out, Postgres is at %s", handed, open.Parts()[0].Address)
	}
}
