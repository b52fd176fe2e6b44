package gobuild

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"

	"cnalab/labs"
)

const (
	detailBytes = 16 << 10
	keep        = 60 // programs kept
)

// Builder builds programs into one folder. It may be used by many goroutines.
type Builder struct {
	Cache  string   // where programs are kept
	Online bool     // missing modules may be fetched; a learner's build stays offline
	Env    []string // more for the compiler, as KEY=VALUE
	// Prebuilt is a folder where programs may be already, each under its
	// folder's name. What is there is used as it is, whatever the sources say.
	Prebuilt string

	group  Group
	mu     sync.Mutex
	failed map[string]*labs.Problem // by content: building again would say the same
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
	target := Binary{
		Path: filepath.Join(b.Cache, filepath.Base(folder)+"-"+sum+suffix),
		Kind: "*-????????????????" + suffix, Keep: keep,
	}
	err = b.group.Build(ctx, target, func(draft string) error {
		if problem := b.failure(sum); problem != nil {
			return problem
		}
		began()
		return b.remember(sum, b.compile(ctx, root, folder, draft))
	})
	var problem *labs.Problem
	switch {
	case errors.As(err, &problem):
		return "", problem
	case err != nil:
		return "", fmt.Errorf("build %s: %w", folder, err)
	}
	return target.Path, nil
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

func (b *Builder) compile(ctx context.Context, root, folder, draft string) error {
	output, err := Command{Dir: root, Env: b.Env, Online: b.Online, Args: []string{
		"build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o", draft, "./" + filepath.ToSlash(folder),
	}}.Run(ctx)
	if err != nil {
		return explain(folder, output[:min(len(output), detailBytes)], err)
	}
	if info, err := os.Stat(draft); err != nil || info.Mode()&0o111 == 0 && suffix == "" {
		return notMain(folder)
	}
	return nil
}

func explain(folder, output string, err error) error {
	if gaveUp(err) {
		return err
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
	if problem := ModuleProblem(output); problem != nil {
		problem.Detail, problem.Err = output, err
		return problem
	}
	return &labs.Problem{Kind: labs.LearnerCode, Say: fmt.Sprintf("%s does not compile.", filepath.Base(folder)),
		Next: "Look at the compiler's lines below.", Detail: output, Err: err}
}

func notMain(folder string) error {
	return &labs.Problem{Kind: labs.LearnerCode, Say: fmt.Sprintf("%s is not a program.", filepath.Base(folder)),
		Next: fmt.Sprintf("Its files have to be of package main, with a func main; look in %s.", folder)}
}

func (b *Builder) failure(sum string) *labs.Problem {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.failed[sum]
}

// remember keeps what the compiler said; what the machine did, or had not
// fetched, may be different the next time.
func (b *Builder) remember(sum string, err error) error {
	var problem *labs.Problem
	if !errors.As(err, &problem) || problem.Kind != labs.LearnerCode || strings.Contains(problem.Detail, lookupOff) {
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
