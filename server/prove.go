package main

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"cnalab/labs"
	"cnalab/server/prove"
	"cnalab/server/testbed"
	"cnalab/server/workspaces/module"
)

func proveCommand(o *options) *cobra.Command {
	var path bool
	var jobs int
	c := &cobra.Command{
		Use:   "prove [LAB…]",
		Short: "Show that the labs' checks tell right from wrong",
		Long: "Opens a fresh sandbox for each lab and shows, for each step in order: before its\n" +
			"solution it is not yet, after it passed, and passed again. Tries the wrong and the\n" +
			"right attempts kept beside the checks, too. Exits with 1 where one comes out otherwise.",
		Example:           "  cnalab labs prove\n  cnalab labs prove 040\n  cnalab labs prove 030 040 --sandbox docker --path",
		ValidArgsFunction: o.completeLabs,
		RunE: func(c *cobra.Command, args []string) (err error) {
			p, err := o.open(c.ErrOrStderr(), true) // each attempt opens a sandbox
			if err != nil {
				return err
			}
			defer p.closeQuietly()
			makeModule := func(root string) (goMod, goSum []byte, err error) { return module.Make(c.Context(), root) }
			config := prove.Config{Config: testbed.Config{Grader: p.grader, Root: p.project.Root, Module: makeModule}, PathOnly: path, Jobs: jobs}
			return p.prove(c.Context(), config, args, c.OutOrStdout())
		},
	}
	c.Flags().BoolVar(&path, "path", false, "only the way through the steps, without the attempts: enough where another sandbox has proved those")
	c.Flags().IntVarP(&jobs, "jobs", "j", 1, "sandboxes at a time; more are quicker, until the checks' own clocks run out on a machine that is too busy")
	return c
}

// prove proves the named labs, or all that are written, one after another.
func (p *program) prove(ctx context.Context, config prove.Config, names []string, w io.Writer) error {
	chosen, err := p.chosen(names)
	if err != nil {
		return err
	}
	var results []prove.Result
	good := true
	for _, lab := range chosen {
		if config.Provider, err = p.provider(ctx, lab); err != nil {
			return err
		}
		fmt.Fprintf(w, "%s %s\n", lab.Number, lab.Title)
		result, err := prove.Lab(ctx, config, lab, func(t prove.Trial) { writeTrial(w, t) })
		writeFailures(w, result)
		if err != nil {
			return err
		}
		results = append(results, result)
		good = good && len(result.Failures) == 0
	}
	if err := writeProofs(w, results); err != nil {
		return err
	}
	if !good {
		return failed{exitFailed}
	}
	return nil
}

// chosen returns the named labs, or all that are written. A broken lab
// cannot be proved, and a proof of all must not leave it out in silence.
func (p *program) chosen(names []string) (chosen []*labs.Lab, err error) {
	for _, name := range names {
		lab, err := p.written(name, "prove")
		if err != nil {
			return nil, err
		}
		chosen = append(chosen, lab)
	}
	if len(names) > 0 {
		return chosen, nil
	}
	all, broken := p.library.Labs()
	for _, lab := range all {
		if !lab.Planned {
			chosen = append(chosen, lab)
		}
	}
	return chosen, broken
}
