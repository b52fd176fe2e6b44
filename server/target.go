package main

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"cnalab/labs"
	"cnalab/labs/load"
	"cnalab/server/testbed"
	"cnalab/server/workspaces/module"
)

// target reads LAB or LAB/STEP; no lab means all of them.
func (p *program) target(args []string) (*labs.Lab, []int, error) {
	if len(args) == 0 || args[0] == "" {
		return nil, nil, nil
	}
	name, number, hasStep := strings.Cut(args[0], "/")
	lab, err := p.written(name, "check")
	if err != nil {
		return nil, nil, err
	}
	if !hasStep {
		return lab, nil, nil
	}
	step, err := strconv.Atoi(number)
	if err != nil || lab.Step(step) == nil {
		return nil, nil, usage(fmt.Sprintf("Lab %s has no step %q.", lab.ID, number), fmt.Sprintf("It has steps 1 to %d.", len(lab.Steps)))
	}
	return lab, []int{step}, nil
}

// target is a lab and some of its steps: all where none is named.
type target struct {
	lab   *labs.Lab
	steps []int
}

// testbed is what labs are tried in, but for the lab's provider.
func (p *program) testbed(ctx context.Context) testbed.Config {
	return testbed.Config{Grader: p.grader, Root: p.project.Root,
		Module: func(root string) (goMod, goSum []byte, err error) { return module.Make(ctx, root) }}
}

// targets reads LAB or LAB/STEP, several of them; none means all labs that are
// written. A broken lab is left out of that with an error.
func (p *program) targets(names []string) (all []target, err error) {
	for _, name := range names {
		lab, steps, err := p.target([]string{name})
		if err != nil {
			return nil, err
		}
		all = append(all, target{lab, steps})
	}
	if len(names) > 0 {
		return all, nil
	}
	every, broken := p.library.Labs()
	for _, lab := range every {
		if !lab.Planned {
			all = append(all, target{lab: lab})
		}
	}
	return all, broken
}

// written returns the lab that was named, which must be written already to
// do with it what is wanted.
func (p *program) written(name, verb string) (*labs.Lab, error) {
	lab, err := p.library.Find(name)
	if err != nil {
		return nil, asMisuse(err, labs.NotFound)
	}
	if lab.Planned {
		return nil, usage(fmt.Sprintf("Lab %s is planned, so there is nothing to %s yet.", lab.Folder, verb), "`labs list` says which are.")
	}
	return lab, nil
}

// completeTarget offers labs, and a lab's steps once its name is complete.
func (o *options) completeTarget(_ *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
	found, err := o.find()
	if err != nil || len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	all, _ := load.All(found.Labs)
	name, _, hasStep := strings.Cut(begun, "/")
	if lab, err := labs.Find(all, name); hasStep && err == nil {
		var offers []string
		for _, step := range lab.Steps {
			offers = append(offers, fmt.Sprintf("%s/%d\t%s", name, step.Number, step.In("en").Title))
		}
		return offers, cobra.ShellCompDirectiveNoFileComp
	}
	return completions(all, args, false), cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
}

// completions offers the labs that are not named yet.
func completions(all []*labs.Lab, named []string, planned bool) []string {
	var offers []string
	for _, lab := range all {
		if lab.Planned && !planned || slices.Contains(named, lab.ID) {
			continue
		}
		offers = append(offers, lab.ID+"\t"+lab.Title)
	}
	return offers
}

func (o *options) completeLabs(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	found, err := o.find()
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	all, _ := load.All(found.Labs)
	return completions(all, args, true), cobra.ShellCompDirectiveNoFileComp
}
