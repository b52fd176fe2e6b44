//go:build unix

package process

import (
	"bytes"
	"context"
	"os/exec"
	"syscall"
	"testing"
	"time"
)

func TestEndTogether(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	cmd := exec.CommandContext(ctx, "sh", "-c", "sleep 1109; true")
	var out bytes.Buffer
	cmd.Stdout = &out // so that Run waits for the child too
	EndTogether(cmd)
	began := time.Now()
	if err := cmd.Run(); err == nil || time.Since(began) > 5*time.Second {
		t.Errorf("ended with %v after %s", err, time.Since(began))
	}
}

// A shell in a terminal leads a session, which is a group of its own already.
func TestTreeOfASession(t *testing.T) {
	cmd := exec.Command("sleep", "1110")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	tree := &Tree{}
	if err := tree.Start(cmd); err != nil {
		t.Fatal(err)
	}
	group, err := syscall.Getpgid(cmd.Process.Pid)
	tree.Kill()
	cmd.Wait()
	if err != nil || group != cmd.Process.Pid {
		t.Errorf("the leader of a session is in group %d, %v, want its own, %d", group, err, cmd.Process.Pid)
	}
}
