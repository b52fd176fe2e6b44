package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"cnalab/labs"
)

// target reads LAB or LAB/STEP; no lab means all of them.
func (p *program) target(args []string) (*labs.Lab, []int, error) {
	if len(args) == 0 || args[0] == "" {
		return nil, nil, nil
	}
	name, number, hasStep := strings.Cut(args[0], "/")
	lab, err := p.library.find(name)
	if err != nil {
		return nil, nil, err
	}
	if lab.Planned {
		return nil, nil, usage(fmt.Sprintf("Lab %s is not written yet, so there is nothing to check.", lab.Folder), "`labs list` says which are.")
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

// completeTarget offers labs, and a lab's steps once its name is complete.
func (o *options) completeTarget(_ *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
	found, err := o.find()
	if err != nil || len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	all, _ := labs.Load(found.labs)
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
