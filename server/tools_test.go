package main

import (
	"context"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"cnalab/server/datadir"
	"cnalab/server/project"
)

// A tool is on the PATH at once, waits until it is built, and says why where
// it cannot be.
func TestTools(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("terminals need pseudo-terminals")
	}
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	for where, want := range map[string]string{root: "Talk to a Kafka broker", t.TempDir(): "kafka did not build."} {
		p := &program{project: project.Project{Root: where}, data: datadir.Dir(t.TempDir()), log: slog.New(slog.DiscardHandler)}
		tools := p.newTools()
		tools.start(context.Background())
		out, err := exec.Command(filepath.Join(tools.folder, "kafka"), "--help").CombinedOutput()
		if !strings.Contains(string(out), want) || (err == nil) != (where == root) {
			t.Errorf("kafka built in %s says %s, %v, want %q", where, out, err, want)
		}
	}
}

func TestOwnPsqlOfTheMachineStays(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("terminals need pseudo-terminals")
	}
	bin := t.TempDir()
	t.Setenv("PATH", bin)
	p := &program{data: datadir.Dir(t.TempDir())}
	tools := p.newTools()
	if names, err := tools.name(); err != nil || strings.Join(names, " ") != "kafka psql" {
		t.Errorf("without psql there are %q, %v", names, err)
	}
	if err := os.WriteFile(filepath.Join(bin, "psql"), []byte("#!/bin/sh\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	if names, err := tools.name(); err != nil || strings.Join(names, " ") != "kafka" {
		t.Errorf("with psql there are %q, %v", names, err)
	}
}
