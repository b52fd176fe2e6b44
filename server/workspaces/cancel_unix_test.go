//go:build unix

package workspaces

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// Whoever opens a sandbox may take that back while the go command is asked.
func TestOpenCanBeCancelledWhileTheGoCommandIsAsked(t *testing.T) {
	bin := t.TempDir()
	asked := filepath.Join(bin, "asked")
	script := "#!/bin/sh\ntouch " + asked + "\nexec sleep 60\n"
	if err := os.WriteFile(filepath.Join(bin, "go"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	w := New(t.TempDir(), projectRoot).Lab(tiny(t))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- w.Open(ctx) }()
	eventually(t, "the go command is asked", func() bool { _, err := os.Stat(asked); return err == nil })
	cancel()
	select {
	case err := <-ended:
		if !errors.Is(err, context.Canceled) {
			t.Errorf("it ends with %v", err)
		}
	case <-time.After(5 * time.Second):
		t.Error("it does not end")
	}
}
