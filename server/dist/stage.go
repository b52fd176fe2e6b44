package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"cnalab/labs"
	"cnalab/labs/environ"
	"cnalab/labs/load"
	"cnalab/server/grade"
	"cnalab/server/workspaces/module"
)

// makeArchive stages what is in the archive in a folder, and packs it.
func makeArchive(ctx context.Context, root, to string, s system) (string, error) {
	root, err := filepath.Abs(root)
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(to, 0o755); err != nil {
		return "", err
	}
	work, err := os.MkdirTemp(to, ".stage-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(work)
	stage := filepath.Join(work, "cnalab-"+s.String())
	for _, step := range []func() error{
		func() error { return copyProject(root, stage) },
		func() error { return module.Prebuild(ctx, root, stage) },
		func() error { return buildPrograms(ctx, root, stage, s) },
		func() error { return buildChecks(ctx, root, stage, s) },
	} {
		if err := step(); err != nil {
			return "", err
		}
	}
	return pack(stage, to, s)
}

// copyProject copies what the program reads of the repository. With the
// packages of checks an author can add a lab to what was unpacked.
func copyProject(root, stage string) error {
	pages := filepath.Join("web", "assets", "dist")
	if _, err := os.Stat(filepath.Join(root, pages, "meta.json")); err != nil {
		return errors.New("the pages are not built: run `go tool task dist`, which builds them")
	}
	for _, name := range []string{"go.mod", "go.sum", "labs", pages} {
		if err := copyTree(filepath.Join(root, name), filepath.Join(stage, name)); err != nil {
			return fmt.Errorf("copy %s: %w", name, err)
		}
	}
	return nil
}

func copyTree(from, to string) error {
	return filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		below, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		target := filepath.Join(to, below)
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		return os.WriteFile(target, text, 0o644)
	})
}

// prebuilt is where package project looks for programs of a system.
func prebuilt(stage, goos, goarch string) string {
	return filepath.Join(stage, "prebuilt", goos+"-"+goarch)
}

// buildPrograms builds the program, and those that it would build itself.
// Containers are Linux wherever they run, so their fixtures are too; they bear
// the name that a program has on the archive's system, as all that is built there.
func buildPrograms(ctx context.Context, root, stage string, s system) error {
	here := prebuilt(stage, s.os, s.arch)
	programs := []struct{ from, to, goos string }{
		{"server", filepath.Join(stage, s.program("cnalab")), s.os},
		{"fixtures/run", filepath.Join(here, s.program("run")), s.os},
	}
	if s.os != "linux" {
		programs = append(programs, struct{ from, to, goos string }{
			"fixtures/run", filepath.Join(prebuilt(stage, "linux", s.arch), s.program("run")), "linux"})
	}
	for _, p := range programs {
		c := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o", p.to, "./"+p.from)
		c.Dir = root
		c.Env = append(environ.Go(true), "GOOS="+p.goos, "GOARCH="+s.arch)
		if out, err := c.CombinedOutput(); err != nil {
			return fmt.Errorf("build %s: %w\n%s", p.from, err, strings.TrimSpace(string(out)))
		}
	}
	return nil
}

// buildChecks compiles the checks of the labs that are written.
func buildChecks(ctx context.Context, root, stage string, s system) error {
	all, err := load.All(filepath.Join(root, "labs"))
	if err != nil {
		return err
	}
	var written []*labs.Lab
	for _, lab := range all {
		if !lab.Planned {
			written = append(written, lab)
		}
	}
	grader := grade.New(grade.Config{Root: root})
	defer grader.Close()
	return grader.Prebuild(ctx, prebuilt(stage, s.os, s.arch), s.os, s.arch, written)
}
