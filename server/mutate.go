package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"cnalab/labs"
	"cnalab/server/console"
	"cnalab/server/mutate"
	"cnalab/server/testbed"
	"cnalab/server/workspaces/module"
)

// enough is the share of a step's mutants that its checks have to catch.
const enough = 0.95

func mutateCommand(o *options) *cobra.Command {
	var jobs int
	var asJSON bool
	c := &cobra.Command{
		Use:   "mutate [LAB[/STEP]…]",
		Short: "Show which wrong answers the labs' checks let pass",
		Long: "Breaks each step's solution on purpose, one small way at a time, and asks the checks.\n" +
			"Prints what they all let pass; exits with 1 where that is more than 5 % of a step's,\n" +
			"or has no reason in checks/testdata/equal.",
		Example:           "  cnalab labs mutate 010\n  cnalab labs mutate 040/2 --json",
		ValidArgsFunction: o.completeLabs,
		RunE: func(c *cobra.Command, args []string) (err error) {
			p, err := o.open(c.ErrOrStderr(), true)
			if err != nil {
				return err
			}
			defer p.closeQuietly()
			makeModule := func(root string) (goMod, goSum []byte, err error) { return module.Make(c.Context(), root) }
			config := mutate.Config{Config: testbed.Config{Grader: p.grader, Root: p.project.Root, Module: makeModule}, Jobs: jobs}
			reports, err := p.mutate(c.Context(), config, args, c.ErrOrStderr())
			if err != nil {
				return err
			}
			if asJSON {
				return json.NewEncoder(c.OutOrStdout()).Encode(reports)
			}
			return writeMutants(c.OutOrStdout(), reports)
		},
	}
	c.Flags().IntVarP(&jobs, "jobs", "j", 1, "sandboxes at a time")
	c.Flags().BoolVar(&asJSON, "json", false, "print every mutant, as JSON")
	return c
}

// mutate tries the mutants of the named steps, or of all that are written.
func (p *program) mutate(ctx context.Context, config mutate.Config, names []string, w io.Writer) (reports []mutate.Report, err error) {
	chosen, err := p.chosen(names)
	if err != nil {
		return nil, err
	}
	for _, lab := range chosen {
		if config.Provider, err = p.provider(ctx, lab); err != nil {
			return nil, err
		}
		report, err := mutate.Lab(ctx, config, lab, nil, func(r mutate.Result) {
			fmt.Fprintf(w, "  step %d  %-8s  %s  %s\n", r.Step, r.Outcome, console.Duration(r.Took), r.ID)
		})
		if err != nil {
			return nil, err
		}
		reports = append(reports, report)
	}
	return reports, nil
}

// writeMutants writes what the checks let pass, and a line for each step.
func writeMutants(w io.Writer, reports []mutate.Report) error {
	good := true
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, report := range reports {
		for _, r := range report.Results {
			if r.Outcome == mutate.Survived {
				fmt.Fprintf(w, "%s step %d: no check notices when %s\n%s\n", report.Lab, r.Step, r.Kind+", at "+r.At+":", console.Indent(r.Diff))
			}
		}
		for step := 1; step < 20; step++ {
			caught, of := report.Share(step)
			if of == 0 {
				continue
			}
			good = good && float64(caught) >= enough*float64(of)
			fmt.Fprintf(table, "%s/%d\t%d of %d caught\t%.0f %%\n", report.Lab, step, caught, of, 100*float64(caught)/float64(of))
		}
	}
	if err := table.Flush(); err != nil || good {
		return err
	}
	return failed{exitFailed}
}

var _ labs.Verdict
