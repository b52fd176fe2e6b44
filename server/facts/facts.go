// Package facts shows that what a lab's texts say of its tools is so: in a
// sandbox where each step is solved, the commands of its text work, and so do
// the scripts of checks/facts, each of which ends with 0 where its fact holds.
// It knows nothing of pages, and of verdicts nothing.
package facts

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"cnalab/labs"
	"cnalab/server/testbed"
)

// Folder holds a lab's facts: scripts named 02-why.sh by the step that says so.
const Folder = "checks/facts"

const (
	// factLimit bounds one script.
	factLimit = 2 * time.Minute
	// commandLimit bounds a block of commands in a text. What still runs then, as
	// a consumer does that waits for more, works.
	commandLimit = 30 * time.Second
)

// terminal is the shell that texts are written for.
const terminal = "bash"

// Claim is one thing that was tried.
type Claim struct {
	File  string // such as steps/02-produce.md
	Line  int    // where it begins, from 1
	Holds bool
	Says  string // what it printed
	Took  time.Duration
}

// claim is one that is to be tried.
type claim struct {
	Claim
	shell, script string
	limit         time.Duration
	mayRun        bool // for ever
}

// Lab tries what a lab's texts claim of these steps, or of all where there are
// none, step by step in one sandbox, and tells progress of each. An error means
// that it could not be tried.
func Lab(ctx context.Context, config testbed.Config, lab *labs.Lab, steps []int, progress func(Claim)) error {
	claims, err := read(lab)
	if err != nil {
		return err
	}
	if len(steps) > 0 {
		maps.DeleteFunc(claims, func(step int, _ []claim) bool { return !slices.Contains(steps, step) })
	}
	if len(claims) == 0 {
		return nil
	}
	last := slices.Max(slices.Collect(maps.Keys(claims)))
	tree, err := lab.Starter()
	if err != nil {
		return err
	}
	w, err := testbed.Open(ctx, config, lab, tree)
	if err != nil {
		return err
	}
	defer w.Close()
	for _, step := range lab.Steps[:last] {
		layer, err := lab.Solution(step.Number)
		if err != nil {
			return err
		}
		tree = tree.With(layer)
		if err := w.Apply(ctx, tree); err != nil {
			return err
		}
		if err := w.Type(ctx, layer.Run); err != nil {
			return err
		}
		for _, c := range claims[step.Number] {
			if strings.Contains("\n"+layer.Run+"\n", "\n"+strings.TrimSpace(c.script)+"\n") {
				continue // it was typed, and worked
			}
			progress(c.try(ctx, w))
			if ctx.Err() != nil {
				return ctx.Err()
			}
		}
	}
	return nil
}

func (c claim) try(ctx context.Context, w *testbed.Workspace) Claim {
	began := time.Now()
	says, err := w.Run(ctx, c.shell, c.script, c.limit)
	c.Holds = err == nil || c.mayRun && errors.Is(err, context.DeadlineExceeded)
	c.Says, c.Took = says, time.Since(began)
	return c.Claim
}

// read reads what is claimed of each step: by its text first, because that is
// what a learner reads, then by the facts.
func read(lab *labs.Lab) (map[int][]claim, error) {
	claims := map[int][]claim{}
	for _, step := range lab.Steps {
		for _, c := range step.In("en").Commands {
			if len(c.Lines) == 0 || labs.Placeholder.MatchString(c.String()) {
				continue
			}
			at := Claim{File: fmt.Sprintf("steps/%02d-%s.md", step.Number, step.Slug), Line: c.Lines[0].Number}
			claims[step.Number] = append(claims[step.Number], claim{at, terminal, c.String(), commandLimit, true})
		}
	}
	scripts, err := filepath.Glob(filepath.Join(lab.Dir, Folder, "*.sh"))
	if err != nil {
		return nil, err
	}
	slices.Sort(scripts)
	for _, script := range scripts {
		name := filepath.Base(script)
		number, _, _ := strings.Cut(name, "-")
		step, err := strconv.Atoi(number)
		if err != nil || lab.Step(step) == nil {
			return nil, &labs.Problem{Kind: labs.BadInput, Say: fmt.Sprintf("The name of %s does not begin with a step's number.", path.Join(Folder, name)),
				Next: "Name it as 02-acks.sh, by the step that says so."}
		}
		text, err := os.ReadFile(script)
		if err != nil {
			return nil, err
		}
		claims[step] = append(claims[step], claim{Claim{File: path.Join(Folder, name), Line: 1}, "sh", string(text), factLimit, false})
	}
	return claims, nil
}
