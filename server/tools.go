package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
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

// sources are the folders that the tools are built from.
var sources = map[string]string{"kafka": "fixtures/images/workbench/kafka", "psql": "fixtures/psql"}

// Beside each name there is the program behind it, or why there is none.
const built, failedToBuild = ".built-", ".failed-"

func (p *program) newTools() *tools {
	return &tools{program: p, folder: p.data.Path("terminal/bin"), builder: &build.Builder{Cache: p.data.Path("cache/tools"), Online: true, Prebuilt: p.project.Prebuilt(runtime.GOOS)}}
}

// script is what stands on the PATH until the program is built, and after.
const script = `#!/bin/sh
# Made by CNA Lab: waits until its tool is built, and calls it.
built=${0%%/*}/` + built + `%[1]s
failed=${0%%/*}/` + failedToBuild + `%[1]s
if [ ! -e "$built" ] && [ ! -e "$failed" ]; then
  echo "%[1]s is being built; a first time takes a minute…" >&2
  while [ ! -e "$built" ] && [ ! -e "$failed" ]; do sleep 0.2; done
fi
if [ ! -e "$built" ]; then
  cat "$failed" >&2
  exit 127
fi
exec "$built" "$@"
`

// start writes the names and begins to build, the first time it is called.
func (t *tools) start(ctx context.Context) {
	t.once.Do(func() {
		names, err := t.name()
		if err != nil {
			t.program.log.Warn("write the tools of terminals", "err", err)
			return
		}
		go func() {
			for _, name := range names {
				t.build(ctx, name)
			}
		}()
	})
}

// name puts a script where each tool is looked for. psql is left to the
// machine's own where it has one.
func (t *tools) name() (names []string, err error) {
	if err := os.RemoveAll(t.folder); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(t.folder, 0o700); err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(sources)) {
		if _, err := exec.LookPath(name); err == nil && name == "psql" {
			continue
		}
		if err := os.WriteFile(filepath.Join(t.folder, name), fmt.Appendf(nil, script, name), 0o700); err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return names, nil
}

func (t *tools) build(ctx context.Context, name string) {
	path, err := t.builder.Program(ctx, t.program.project.Root, sources[name], func() {})
	if err == nil {
		err = os.Symlink(path, filepath.Join(t.folder, built+name))
	}
	if err == nil || ctx.Err() != nil {
		return
	}
	t.program.log.Warn("build a tool of terminals", "tool", name, "err", err)
	p := labs.AsProblem(err)
	says := strings.TrimSpace(name+" did not build. "+p.Say+" "+p.Next) + "\n" + p.Detail
	if err := os.WriteFile(filepath.Join(t.folder, failedToBuild+name), []byte(says), 0o600); err != nil {
		t.program.log.Warn("build a tool of terminals", "tool", name, "err", err)
	}
}
