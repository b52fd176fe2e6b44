//go:build unix

package main

import (
	"io"
	"log/slog"
	"os"
	"strings"
	"syscall"
	"testing"

	"cnalab/server/datadir"
)

func TestTraceOnQuit(t *testing.T) {
	p := &program{data: datadir.Dir(t.TempDir()), log: slog.New(slog.DiscardHandler)}
	said, out := io.Pipe()
	p.traceOnQuit(t.Context(), out)
	if err := syscall.Kill(os.Getpid(), syscall.SIGQUIT); err != nil {
		t.Fatal(err)
	}
	line := make([]byte, 1000)
	n, err := said.Read(line)
	if err != nil || !strings.Contains(string(line[:n]), p.data.Path("trace.txt")) {
		t.Fatalf("said %q, %v", line[:n], err)
	}
	if text, err := os.ReadFile(p.data.Path("trace.txt")); err != nil || !strings.Contains(string(text), "TestTraceOnQuit") {
		t.Errorf("the trace is %.200q, %v", text, err)
	}
}
