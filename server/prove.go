package main

import (
	"context"
	"fmt"
	"io"
	"regexp"

	"github.com/spf13/cobra"

	"cnalab/server/prove"
)

func proveCommand(o *options) *cobra.Command {
	var path bool
	var jobs int
	var attempts string
	c := &cobra.Command{
		Use:   "prove [LAB[/STEP]…]",
		Short: "Show that the labs' checks tell right from wrong",
		Long: "Opens a fresh sandbox for each lab and shows, for each step in order: before its\n" +
			"solution it is not yet, after it passed, and passed again. Tries the wrong and the\n" +
			"right attempts kept beside the checks, too. Exits with 1 where one comes out otherwise.",
		Example:           "  cnalab labs prove\n  cnalab labs prove 040\n  cnalab labs prove 040/4 --run wrong/04-publish\n  cnalab labs prove 030 040 --sandbox docker --path",
		ValidArgsFunction: o.completeLabs,
		RunE: func(c *cobra.Command, args []string) (err error) {
			if err := checkJobs(jobs); err != nil {
				return err
			}
			p, err := o.open(c.ErrOrStderr(), !path) // each attempt opens a sandbox, and the path one for all
			if err != nil {
				return err
			}
			defer p.closeQuietly()
			config := prove.Config{Config: p.testbed(c.Context()), PathOnly: path, Jobs: jobs}
			if attempts != "" {
				if config.Attempts, err = regexp.Compile(attempts); err != nil {
					return usage(fmt.Sprintf("%q is no regular expression.", attempts), "Give part of an attempt's folder, such as wrong/02.")
				}
			}
			return p.prove(c.Context(), config, args, c.OutOrStdout())
		},
	}
	c.Flags().BoolVar(&path, "path", false, "only the way through the steps, without the attempts: enough where another sandbox has proved those")
	c.Flags().StringVar(&attempts, "run", "", "only the attempts whose folder this regular expression matches, such as wrong/02")
	c.Flags().IntVarP(&jobs, "jobs", "j", 1, "sandboxes at a time; more are quicker, until the checks' own clocks run out on a machine that is too busy")
	return c
}

// checkJobs refuses what would try nothing, and say that all is well.
func checkJobs(jobs int) error {
	if jobs < 1 {
		return usage("--jobs is at least 1.", "It is how many sandboxes are open at a time.")
	}
	return nil
}

// prove proves the named labs, or all that are written, one after another.
func (p *program) prove(ctx context.Context, config prove.Config, names []string, w io.Writer) error {
	targets, err := p.targets(names)
	if err != nil {
		return err
	}
	var results []prove.Result
	good := true
	for _, t := range targets {
		lab := t.lab
		config.Steps = t.steps
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
