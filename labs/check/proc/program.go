package proc

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"time"

	"cnalab/labs/cache"
	"cnalab/labs/check"
)

const (
	buildTimeout = 50 * time.Second
	keptBuilds   = 6 // of one program's name, over all labs
)

// Program is a main package of the learner's module, built.
type Program struct {
	Name   string // its folder below the workspace: "consume"
	binary string
	c      *check.C
}

// Build builds the main package in that folder of the workspace; where the
// workspace is as it was at the last build, there is nothing to do. The check
// ends as not yet where there is no such program, and as could not check
// where it does not build.
func Build(c *check.C, dir string) *Program {
	c.Helper()
	files := c.Files()
	if !files.Has(dir) {
		c.NotYet(check.Finding{
			Say: "There is no folder " + dir + " in the workspace.", Want: "a program in " + dir,
			Next: "Make the folder, or reset it to get it back.",
		})
	}
	sum := sha256.Sum256([]byte(runtime.Version() + files.Hash()))
	name := "program-" + strings.ReplaceAll(dir, "/", "-") + "-"
	p := &Program{Name: dir, c: c, binary: filepath.Join(c.Cache(), name+hex.EncodeToString(sum[:8]))}
	if runtime.GOOS == "windows" {
		p.binary += ".exe"
	}
	building.Lock()
	defer building.Unlock()
	if cache.Used(p.binary) != nil {
		p.build()
		cache.Prune(filepath.Dir(p.binary), name+"*", keptBuilds, p.binary)
	}
	return p
}

// building is held while a program is: checks that run at the same time need
// the same one.
var building sync.Mutex

// build goes through a file of its own, so that a build cut short is never
// taken for a program.
func (p *Program) build() {
	p.c.Helper()
	draft := fmt.Sprintf("%s.%d", p.binary, os.Getpid())
	defer os.Remove(draft)
	result := p.goCommand("list", "-f", "{{.Name}}", "./"+p.Name)
	if kind := strings.TrimSpace(result.Stdout); result.Exit.OK() && kind != "main" {
		p.c.NotYet(check.Finding{
			Say: "The folder " + p.Name + " holds no program.", Got: "package " + kind, Want: "package main", At: p.Name,
		})
	}
	result = p.goCommand("build", "-ldflags=-s -w", "-buildvcs=false", "-o", draft, "./"+p.Name)
	if !result.Exit.OK() {
		said := strings.TrimSpace(result.Stderr)
		p.c.CouldNotCheck(check.Finding{
			Say: "The program " + p.Name + " does not build.", At: firstPlace(said),
			Next: "Mend what the compiler names, then check again.", Output: check.FirstLines(said, check.OutputLines),
		})
	}
	p.c.Must(os.Rename(draft, p.binary), "The program "+p.Name+" could not be kept.")
}

func (p *Program) goCommand(args ...string) Result {
	p.c.Helper()
	ctx, cancel := context.WithTimeout(p.c.Context, buildTimeout)
	defer cancel()
	result, err := Go(ctx, p.c.Workspace(), args...)
	p.c.Must(err, "The go command could not be started.")
	if result.Exit.Late {
		p.c.CouldNotCheck(check.Finding{
			Say: fmt.Sprintf("Building %s took longer than %s.", p.Name, buildTimeout), Next: "Check again.",
		})
	}
	return result
}

var place = regexp.MustCompile(`(?m)^(?:\./)?([\w./-]+\.go:\d+)`)

// firstPlace finds the first FILE:LINE in what the compiler said.
func firstPlace(said string) string {
	if found := place.FindStringSubmatch(said); found != nil {
		return found[1]
	}
	return ""
}
