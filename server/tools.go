package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"

	"cnalab/labs"
	"cnalab/server/sandbox/build"
)

// tools are the programs of terminals that this machine lacks. A folder on the
// PATH has a name for each from the start; what is behind it is built while
// the learner types, and waited for by whoever calls it before.
type tools struct {
	program *program
	folder  string
	builder *build.Builder
	once    sync.Once
}

// Files beside the names: the program behind them, or why there is none.
const (
	toolsBuilt  = ".tools"
	toolsFailed = ".failed"
)

func (p *program) newTools() *tools {
	return &tools{program: p, folder: p.data.path("terminal/bin"), builder: &build.Builder{Cache: p.data.path("cache/tools"), Online: true}}
}

// script is what stands on the PATH until the program is built, and after.
const script = `#!/bin/sh
# Made by CNA Lab: waits until its tools are built, and calls them.
dir=${0%%/*}
if [ ! -e "$dir/` + toolsBuilt + `" ] && [ ! -e "$dir/` + toolsFailed + `" ]; then
  echo "%[1]s is being built; a first time takes a minute…" >&2
  while [ ! -e "$dir/` + toolsBuilt + `" ] && [ ! -e "$dir/` + toolsFailed + `" ]; do sleep 0.2; done
fi
if [ ! -e "$dir/` + toolsBuilt + `" ]; then
  cat "$dir/` + toolsFailed + `" >&2
  exit 127
fi
exec "$dir/` + toolsBuilt + `" %[1]s "$@"
`

// start writes the names and begins to build, the first time it is called.
func (t *tools) start(ctx context.Context) {
	t.once.Do(func() {
		if err := t.name(); err != nil {
			t.program.log.Warn("write the tools of terminals", "error", err)
			return
		}
		go t.build(ctx)
	})
}

// name puts a script where each tool is looked for. psql is left to the
// machine's own where it has one.
func (t *tools) name() error {
	if err := os.RemoveAll(t.folder); err != nil {
		return err
	}
	if err := os.MkdirAll(t.folder, 0o700); err != nil {
		return err
	}
	for _, name := range []string{"kafka", "psql"} {
		if _, err := exec.LookPath(name); err == nil && name == "psql" {
			continue
		}
		if err := os.WriteFile(filepath.Join(t.folder, name), fmt.Appendf(nil, script, name), 0o700); err != nil {
			return err
		}
	}
	return nil
}

func (t *tools) build(ctx context.Context) {
	path, err := t.builder.Program(ctx, t.program.root, "fixtures/tools", func() {})
	if err == nil {
		err = os.Symlink(path, filepath.Join(t.folder, toolsBuilt))
	}
	if err == nil || ctx.Err() != nil {
		return
	}
	t.program.log.Warn("build the tools of terminals", "error", err)
	p := labs.AsProblem(err)
	says := strings.TrimSpace("The tools did not build. "+p.Say+" "+p.Next) + "\n" + p.Detail
	if err := os.WriteFile(filepath.Join(t.folder, toolsFailed), []byte(says), 0o600); err != nil {
		t.program.log.Warn("build the tools of terminals", "error", err)
	}
}
