package kind_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"cnalab/server/sandbox"
)

// TestCancel comes first: there is no other cluster yet that the machine would
// have to carry as well.
func TestCancel(t *testing.T) {
	needEngine(t)
	data := t.TempDir()
	p := provider(data)
	for _, after := range []time.Duration{0, 300 * time.Millisecond, 1500 * time.Millisecond, 4 * time.Second, 10 * time.Second} {
		ctx, cancel := context.WithTimeout(t.Context(), after)
		_, err := p.Open(ctx, sandbox.Request{Lab: lab, Learner: "hasty", Workspace: data})
		cancel()
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("given up after %v: %v", after, err)
		}
		nothingLeft(t, data, "hasty")
	}
	if err := p.Close(); err != nil {
		t.Error(err)
	}
}

// TestKilledWhileItOpens kills the program at several moments: its reaper does
// the rest.
func TestKilledWhileItOpens(t *testing.T) {
	needEngine(t)
	for _, after := range []time.Duration{time.Second, 2 * time.Second, 3500 * time.Millisecond, 8 * time.Second} {
		data := t.TempDir()
		_, kill := holder(t, data)
		time.Sleep(after)
		kill()
		reaped(t, data)
	}
}

// holder starts this test's binary anew, to open a sandbox and hold it. It
// returns what it says and how to kill it.
func holder(t *testing.T, data string) (said io.Reader, kill func()) {
	t.Helper()
	program := exec.Command(os.Args[0])
	program.Env = append(os.Environ(), holdVariable+"="+data)
	program.Stderr = os.Stderr
	said, err := program.StdoutPipe()
	if err == nil {
		err = program.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	kill = sync.OnceFunc(func() { program.Process.Kill(); program.Wait() })
	t.Cleanup(kill)
	return said, kill
}

// reaped waits for the holder's reaper, and sweeps what is in the data folder.
func reaped(t *testing.T, data string) {
	t.Helper()
	within(t, 30*time.Second, func() error {
		if left := inEngine(t, "holder"); len(left) > 0 {
			return fmt.Errorf("left: %q", left)
		}
		return nil
	})
	if err := provider(data).Sweep(); err != nil {
		t.Error(err)
	}
	nothingLeft(t, data, "holder")
}

// testKilled has another program, with a data folder of its own, hold a second
// cluster, and kills it.
func (s *suite) testKilled(t *testing.T) {
	data := t.TempDir()
	needEngine(t) // that carries a second one
	said, kill := holder(t, data)
	var env []string
	if err := json.NewDecoder(said).Decode(&env); err != nil {
		t.Fatalf("the holder: %v", err)
	}
	if err := s.provider.Sweep(); err != nil {
		t.Errorf("sweep while both live: %v", err)
	}
	theirs := config(t, env)
	s.kubectl(t, "create", "namespace", "mine")
	var space any
	if err := theirs.Do(t.Context(), "GET", "/api/v1/namespaces/default", nil, &space); err != nil {
		t.Errorf("the second does not answer: %v", err)
	}
	if err := theirs.Do(t.Context(), "GET", "/api/v1/namespaces/mine", nil, &space); err == nil {
		t.Error("the second sees the first's namespace")
	}
	kill()
	reaped(t, data)
	if state := s.state("worker"); state != sandbox.Running {
		t.Errorf("the one that lives has a worker that is %s", state)
	}
	s.kubectl(t, "get", "namespace", "mine")
}
