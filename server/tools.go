package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"

	"cnalab/labs/gobuild"
)

// client is what talks to a part from a terminal of this machine: the machine's
// own program, else one that is built from Go's modules. That has another name,
// for it is another program.
type client struct {
	own, ownPackages string // and what it is installed from, by apt and by brew
	name             string
	program, tags    string // PACKAGE@VERSION
	environment      string // what it is called with, in shell
	instead          string // what the name of the machine's own does, in shell
}

var clients = []client{
	{own: "psql", ownPackages: "apt-get install postgresql-client, or brew install libpq",
		name: "usql", program: "github.com/xo/usql@v0.21.4", tags: "no_base postgres",
		instead: `echo "psql is not on this machine; this is usql, which understands most of what psql does." >&2
exec "${0%/*}/usql" "$@"`},
	{own: "kcat", ownPackages: "apt-get install kcat, or brew install kcat",
		name: "kcl", program: "github.com/twmb/kcl@v0.16.0", environment: `export KCL_SEED_BROKERS="${KCL_SEED_BROKERS:-$KAFKA}"`,
		instead: `echo "kcat is not on this machine. kcl is, and talks to the same broker: kcl --help says how." >&2
exit 127`},
}

// tools are the clients that this machine lacks. A folder on the PATH has their
// names from the start; what is behind a name is built while the learner
// types, and waited for by whoever calls it before.
type tools struct {
	program *program
	folder  string
	cache   string
	once    sync.Once
}

// Beside each name there is the program behind it, or why there is none.
const built, failedToBuild = ".built-", ".failed-"

func (p *program) newTools() *tools {
	return &tools{program: p, folder: p.data.Path("terminal/bin"), cache: p.data.Path("cache/tools")}
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
%[2]s
exec "$built" "$@"
`

// start writes the names and begins to build, the first time it is called.
func (t *tools) start(ctx context.Context) {
	t.once.Do(func() {
		missing, err := t.name()
		if err != nil {
			t.program.log.Warn("write the tools of terminals", "err", err)
			return
		}
		go func() {
			for _, c := range missing {
				t.offer(ctx, c)
			}
		}()
	})
}

// name puts a script where each client is looked for whose like this machine
// lacks.
func (t *tools) name() (missing []client, err error) {
	if err := os.RemoveAll(t.folder); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(t.folder, 0o700); err != nil {
		return nil, err
	}
	for _, c := range clients {
		if _, err := exec.LookPath(c.own); err == nil {
			continue
		}
		err := errors.Join(
			os.WriteFile(filepath.Join(t.folder, c.name), fmt.Appendf(nil, script, c.name, c.environment), 0o700),
			os.WriteFile(filepath.Join(t.folder, c.own), []byte("#!/bin/sh\n"+c.instead+"\n"), 0o700))
		if err != nil {
			return nil, err
		}
		missing = append(missing, c)
	}
	return missing, nil
}

// offer builds a client, and puts it behind its name, or why it is not there.
func (t *tools) offer(ctx context.Context, c client) {
	path, err := t.build(ctx, c)
	if err == nil {
		err = os.Symlink(path, filepath.Join(t.folder, built+c.name))
	}
	if err == nil || ctx.Err() != nil {
		return
	}
	t.program.log.Warn("build a tool of terminals", "tool", c.name, "err", err)
	says := fmt.Sprintf("%s cannot be fetched and built here, so install %s: %s.\n", c.name, c.own, c.ownPackages)
	if err := os.WriteFile(filepath.Join(t.folder, failedToBuild+c.name), []byte(says), 0o600); err != nil {
		t.program.log.Warn("build a tool of terminals", "tool", c.name, "err", err)
	}
}

// build installs the client into a folder of its version, once.
func (t *tools) build(ctx context.Context, c client) (string, error) {
	folder := filepath.Join(t.cache, filepath.Base(c.program))
	path := filepath.Join(folder, c.name)
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", err
	}
	install := gobuild.Command{Dir: folder, Online: true, Env: []string{"GOBIN=" + folder, "GOFLAGS="},
		Args: []string{"install", "-trimpath", "-ldflags=-s -w", "-tags", c.tags, c.program}}
	if out, err := install.Run(ctx); err != nil {
		return "", fmt.Errorf("install %s: %w: %s", c.program, err, strings.TrimSpace(out))
	}
	return path, nil
}
