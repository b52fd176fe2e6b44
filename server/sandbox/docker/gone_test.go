package docker_test

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"cnalab/labs"
	"cnalab/server/sandbox"
	"cnalab/server/sandbox/docker"
	"cnalab/server/sandbox/sandboxtest"
)

// goneVariable tells a process to open a sandbox in an engine that goes.
const goneVariable = "CNALAB_ENGINE_GOES"

// seen is what that process sees.
type seen struct {
	Opened  string // the error, where there is one
	Parts   []sandbox.Part
	Applied string
	Kind    string
	Next    string
	Again   string // opened once more
}

// loseEngine opens a sandbox, waits to be told that the engine is gone, and
// says what it sees.
func loseEngine(data string) {
	p := provider(data)
	lab := sandboxtest.Lab(sandboxtest.Postgres("order"), sandboxtest.Service("order", "order"))
	request := sandbox.Request{Lab: lab, Learner: "test", Workspace: filepath.Join(data, "workspace")}
	open, err := p.Open(context.Background(), request)
	say := json.NewEncoder(os.Stdout)
	if err != nil {
		say.Encode(seen{Opened: err.Error()})
		return
	}
	say.Encode(seen{Parts: open.Parts()})
	io.ReadAll(os.Stdin)
	crashed := func(p sandbox.Part) bool { return p.State == sandbox.Crashed }
	for range 100 {
		if !slices.ContainsFunc(open.Parts(), func(p sandbox.Part) bool { return !crashed(p) }) {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	s := seen{Parts: open.Parts()}
	if problem := labs.AsProblem(open.Heal(context.Background(), "postgres")); problem != nil {
		s.Applied, s.Kind, s.Next = problem.Say, string(problem.Kind), problem.Next
	}
	if _, err := p.Open(context.Background(), request); err != nil {
		s.Again = labs.AsProblem(err).Say
	}
	say.Encode(s)
}

// way is a socket that leads to the engine until it is cut.
type way struct {
	net.Listener
	mu    sync.Mutex
	conns []net.Conn
}

func wayTo(t *testing.T, engine, socket string) *way {
	t.Helper()
	listener, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	w := &way{Listener: listener}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			there, err := net.Dial("unix", engine)
			if err != nil {
				conn.Close()
				continue
			}
			w.mu.Lock()
			w.conns = append(w.conns, conn, there)
			w.mu.Unlock()
			go io.Copy(there, conn)
			go func() { io.Copy(conn, there); conn.Close() }()
		}
	}()
	return w
}

func (w *way) cut() {
	w.Close()
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, conn := range w.conns {
		conn.Close()
	}
}

func TestEngineThatGoesInMidLab(t *testing.T) {
	needEngine(t)
	const engine = "/var/run/docker.sock"
	if _, err := os.Stat(engine); err != nil || os.Getenv("DOCKER_HOST") != "" {
		t.Skip("needs an engine on this machine's own socket")
	}
	data := sandboxtest.Folder(t)
	writeWorkspace(t, filepath.Join(data, "workspace"), "order")
	folder, err := os.MkdirTemp("", "gone")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(folder)
	w := wayTo(t, engine, filepath.Join(folder, "docker.sock"))
	command := exec.Command(os.Args[0])
	command.Env = append(os.Environ(), goneVariable+"="+data, "DOCKER_HOST=unix://"+filepath.Join(folder, "docker.sock"))
	command.Stderr = os.Stderr
	stdin, _ := command.StdinPipe()
	stdout, _ := command.StdoutPipe()
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(stdout)
	if s := next(t, lines); s.Opened != "" || len(s.Parts) != 2 {
		t.Fatalf("opened: %+v", s)
	}
	w.cut()
	stdin.Close()
	s := next(t, lines)
	for _, p := range s.Parts {
		if p.State != sandbox.Crashed || !strings.Contains(p.Say, "Docker engine") {
			t.Errorf("part %+v, want it crashed for the engine", p)
		}
	}
	if s.Kind != string(labs.Sandbox) || !strings.Contains(s.Applied, "Docker engine") || s.Next == "" {
		t.Errorf("healed: %+v, want a problem of the sandbox with a next step", s)
	}
	if !strings.Contains(s.Again, "No Docker engine answers") {
		t.Errorf("opened again: %q", s.Again)
	}
	command.Wait()
	if err := docker.Sweep(t.Context()); err != nil { // it is back, and the program is gone
		t.Error(err)
	}
	for _, left := range inEngine("", "") {
		t.Errorf("left behind: %s", left)
	}
}

func next(t *testing.T, lines *bufio.Reader) (s seen) {
	t.Helper()
	line, err := lines.ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(line, &s)
	}
	if err != nil {
		t.Fatalf("it says %q: %v", line, err)
	}
	return s
}
