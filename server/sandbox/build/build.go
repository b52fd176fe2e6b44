// Package build turns a folder with a main package into a program, and keeps
// it by what went into it: where nothing changed, nothing is run. It knows
// nothing of what the program does.
package build

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"time"

	"cnalab/labs"
	"cnalab/labs/cache"
	"cnalab/labs/process"
)

// The bounds of one build.
const (
	limit       = 15 * time.Minute // a first one compiles the standard library too, beside others
	detailBytes = 16 << 10
	keep        = 60 // programs kept; the ones longest unused go
)

// Builder builds into one folder. It may be used by many goroutines.
type Builder struct {
	Cache  string   // where programs are kept
	Online bool     // missing modules may be fetched; a learner's build stays offline
	Env    []string // more for the compiler, as KEY=VALUE
	// Prebuilt is a folder where programs may be already, each under its
	// folder's name. What is there is used as it is, whatever the sources say.
	Prebuilt string

	mu     sync.Mutex
	failed map[string]*labs.Problem // by content: building again would say the same
	busy   map[string]*sync.Mutex   // one build of the same content at a time
}

// Program builds the main package in the folder below the module's root and
// returns the path of the program. Where it has to be built, and is not kept
// from before, began is called first. Where the code does not compile, the
// error is a *labs.Problem with the compiler's lines.
func (b *Builder) Program(ctx context.Context, root, folder string, began func()) (string, error) {
	if path := filepath.Join(b.Prebuilt, filepath.Base(folder)+suffix); b.Prebuilt != "" && isFile(path) {
		return path, nil
	}
	sum, err := Content(root, folder)
	if err != nil {
		return "", err
	}
	defer b.lock(sum)()
	if problem := b.failure(sum); problem != nil {
		return "", problem
	}
	target := filepath.Join(b.Cache, filepath.Base(folder)+"-"+sum+suffix)
	if cache.Used(target) == nil {
		return target, nil
	}
	began()
	if err := b.run(ctx, root, folder, target); err != nil {
		return "", b.remember(sum, err)
	}
	// A running program's file is let go of by the system when it ends; where
	// that is not so, it cannot be removed.
	cache.Prune(b.Cache, "*-????????????????"+suffix, keep, target)
	return target, nil
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// run calls the compiler. The program appears under its name only when whole.
func (b *Builder) run(ctx context.Context, root, folder, target string) error {
	if err := os.MkdirAll(b.Cache, 0o755); err != nil {
		return fmt.Errorf("build %s: %w", folder, err)
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	unfinished := fmt.Sprintf("%s.%d.part", target, os.Getpid())
	defer os.Remove(unfinished)
	command := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w",
		"-o", unfinished, "./"+filepath.ToSlash(folder))
	command.Dir = root
	command.Env = append(os.Environ(), "CGO_ENABLED=0", "GOWORK=off", "GOFLAGS=-mod=readonly", "GOTOOLCHAIN=local")
	if !b.Online {
		command.Env = append(command.Env, "GOPROXY=off")
	}
	command.Env = append(command.Env, b.Env...)
	command.WaitDelay = time.Second
	process.EndTogether(command)
	out := &bounded{limit: detailBytes}
	command.Stdout, command.Stderr = out, out
	if err := command.Run(); err != nil {
		return explain(ctx, folder, out.String(), err)
	}
	if info, err := os.Stat(unfinished); err != nil || info.Mode()&0o111 == 0 && suffix == "" {
		return notMain(folder)
	}
	return os.Rename(unfinished, target)
}

func explain(ctx context.Context, folder, output string, err error) error {
	if cause := ctx.Err(); cause != nil {
		return fmt.Errorf("build %s: %w", folder, cause)
	}
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return &labs.Problem{Kind: labs.Machine, Say: "The go command does not run.",
			Next: "Install Go 1.26 or newer and put it on your PATH.", Err: fmt.Errorf("build %s: %w", folder, err)}
	}
	err = fmt.Errorf("build %s: %w", folder, err)
	if labs.SaysFull(output) {
		return &labs.Problem{Kind: labs.Machine, Say: fmt.Sprintf("The disk is full, so %s was not built.", filepath.Base(folder)),
			Next: "Free some space on the disk that the lines below name.", Detail: output, Err: err}
	}
	return &labs.Problem{Kind: labs.LearnerCode, Say: fmt.Sprintf("%s does not compile.", filepath.Base(folder)),
		Next: "Look at the compiler's lines below.", Detail: output, Err: err}
}

func notMain(folder string) error {
	return &labs.Problem{Kind: labs.LearnerCode, Say: fmt.Sprintf("%s is not a program.", filepath.Base(folder)),
		Next: fmt.Sprintf("Its files have to be of package main, with a func main; look in %s.", folder)}
}

// lock lets one build of the same content happen at a time.
func (b *Builder) lock(sum string) (unlock func()) {
	b.mu.Lock()
	if b.busy == nil {
		b.busy = map[string]*sync.Mutex{}
	}
	m := b.busy[sum]
	if m == nil {
		m = &sync.Mutex{}
		b.busy[sum] = m
	}
	b.mu.Unlock()
	m.Lock()
	return m.Unlock
}

func (b *Builder) failure(sum string) *labs.Problem {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.failed[sum]
}

// remember keeps what the compiler said; what the machine did may be
// different the next time.
func (b *Builder) remember(sum string, err error) error {
	problem := labs.AsProblem(err)
	if problem.Kind != labs.LearnerCode {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.failed == nil || len(b.failed) > keep {
		b.failed = map[string]*labs.Problem{}
	}
	b.failed[sum] = problem
	return problem
}

// bounded keeps the beginning of what is written to it.
type bounded struct {
	bytes.Buffer
	limit int
}

func (b *bounded) Write(text []byte) (int, error) {
	room := max(0, b.limit-b.Len())
	b.Buffer.Write(text[:min(room, len(text))])
	return len(text), nil
}
