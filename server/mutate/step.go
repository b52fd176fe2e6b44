package mutate

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"cnalab/labs"
	"cnalab/server/mutate/mutant"
)

// typedFile is the name by which mutants call what a learner types.
const typedFile = "run.sh"

// stepRun is one step while its mutants are tried.
type stepRun struct {
	Config
	lab      *labs.Lab
	number   int
	progress func(step int, r Result)

	solved  labs.Tree   // the workspace with this step solved
	trees   []labs.Tree // the workspace with each step so far solved
	typed   []string    // what a learner types for each step so far
	source  *mutant.Module
	mutants []mutant.Mutant   // those that are tried
	equal   map[string]string // reasons, by the mutant's name
	all     []mutant.Mutant   // what the sample is taken from

	mu      sync.Mutex // guards next and results
	next    int
	results []Result
}

func (s *stepRun) run(ctx context.Context) error {
	if err := s.read(ctx); err != nil {
		return err
	}
	s.results = make([]Result, len(s.mutants))
	jobs, working := errgroup.WithContext(ctx)
	for range min(max(1, s.Jobs), max(1, len(s.mutants))) {
		jobs.Go(func() error { return s.work(working) })
	}
	return jobs.Wait()
}

// read reads the step's solution and finds what can be broken of the lines that
// it changes: the others were given, or broken with an earlier step.
func (s *stepRun) read(ctx context.Context) error {
	var before labs.Tree
	var layer labs.Overlay
	var err error
	if s.solved, err = s.lab.Starter(); err != nil {
		return err
	}
	for n := 1; n <= s.number; n++ {
		if layer, err = s.lab.Solution(n); err != nil {
			return err
		}
		before, s.solved = s.solved, s.solved.With(layer)
		s.trees = append(s.trees, s.solved)
		s.typed = append(s.typed, layer.Run)
	}
	if s.equal, err = reasons(s.lab, s.number); err != nil {
		return err
	}
	if s.source, err = s.module(ctx, s.solved); err != nil {
		return err
	}
	s.all = s.source.Mutants(func(file string) string { return string(before[file]) })
	for _, name := range layer.Files.Paths() {
		if text := string(layer.Files[name]); text != string(before[name]) {
			s.all = append(s.all, mutant.Fresh(mutant.Text(name, text), string(before[name]))...)
		}
	}
	s.all = append(s.all, mutant.Text(typedFile, layer.Run)...)
	s.mutants = s.Sample.of(s.all)
	return nil
}

// module reads a workspace as a Go module.
func (s *stepRun) module(ctx context.Context, tree labs.Tree) (*mutant.Module, error) {
	dir, err := os.MkdirTemp(s.Temp, "mutants-")
	if err != nil {
		return nil, fmt.Errorf("make a workspace: %w", err)
	}
	defer os.RemoveAll(dir)
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	if err := errors.Join(s.WriteModule(root), tree.Write(root)); err != nil {
		return nil, err
	}
	return mutant.Load(ctx, dir)
}

// work tries one mutant after another in a sandbox of its own.
func (s *stepRun) work(ctx context.Context) error {
	w, err := s.open(ctx)
	if err != nil {
		return err
	}
	defer w.close()
	for {
		s.mu.Lock()
		i := s.next
		s.next++
		s.mu.Unlock()
		if i >= len(s.mutants) || ctx.Err() != nil {
			return ctx.Err()
		}
		began := time.Now()
		result, err := w.try(ctx, i)
		if err != nil {
			return err
		}
		result.Took = time.Since(began)
		s.note(i, result)
	}
}

func (s *stepRun) note(i int, result Result) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.results[i] = result
	if s.progress != nil {
		s.progress(s.number, result)
	}
}

// steps are those whose checks are asked: this one, and then those before.
func (s *stepRun) steps() []int {
	var all []int
	for n := s.number; n > 0; n-- {
		all = append(all, n)
	}
	return slices.Clip(all)
}
