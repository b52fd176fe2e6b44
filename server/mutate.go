package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"cnalab/labs/process"
	"cnalab/server/console"
	"cnalab/server/mutate"
)

// mutantsFolder is where the data folder keeps what became of mutants.
const mutantsFolder = "mutants"

func mutateCommand(o *options) *cobra.Command {
	var jobs int
	var asJSON bool
	var sample mutate.Sample
	c := &cobra.Command{
		Use:   "mutate [LAB[/STEP]…]",
		Short: "Show which wrong answers the labs' checks let pass",
		Long: "Breaks each step's solution on purpose, one small way at a time, and asks the checks.\n" +
			"Prints what they all let pass; exits with 1 where one of those has no reason in\n" +
			"checks/testdata/equal, or a reason there names no mutant that they let pass.",
		Example:           "  cnalab labs mutate 010\n  cnalab labs mutate 040/2 --json",
		ValidArgsFunction: o.completeLabs,
		RunE: func(c *cobra.Command, args []string) (err error) {
			if err := checkJobs(jobs); err != nil {
				return err
			}
			if err := os.Setenv(process.EnvLevel, string(process.NotIsolated)); err != nil { // see mutate.Config
				return err
			}
			p, err := o.open(c.ErrOrStderr(), false) // one sandbox serves all mutants of a step
			if err != nil {
				return err
			}
			defer p.closeQuietly()
			config := mutate.Config{Config: p.testbed(c.Context()), Jobs: jobs, Sample: sample}
			reports, err := p.mutate(c.Context(), config, args, c.ErrOrStderr())
			if err != nil {
				return err
			}
			if asJSON {
				err = json.NewEncoder(c.OutOrStdout()).Encode(reports)
			} else {
				err = writeMutants(c.OutOrStdout(), reports)
			}
			if err == nil && slices.ContainsFunc(reports, func(r mutate.Report) bool { return !r.Good() }) {
				return failed{exitFailed}
			}
			return err
		},
	}
	c.Flags().IntVarP(&jobs, "jobs", "j", 1, "sandboxes at a time")
	c.Flags().IntVar(&sample.Size, "sample", 0, "try so many mutants of each step, chosen by the seed; 0 is all")
	c.Flags().StringVar(&sample.Seed, "seed", "", "what a sample is chosen by, such as the commit")
	c.Flags().BoolVar(&asJSON, "json", false, "print every mutant, as JSON")
	return c
}

// mutate tries the mutants of the named labs and steps, or of all that are written.
func (p *program) mutate(ctx context.Context, config mutate.Config, names []string, w io.Writer) (reports []mutate.Report, err error) {
	targets, err := p.targets(names)
	if err != nil {
		return nil, err
	}
	for _, t := range targets {
		if config.Provider, err = p.provider(ctx, t.lab); err != nil {
			return nil, err
		}
		fmt.Fprintf(w, "%s %s\n", t.lab.Number, t.lab.Title)
		report, err := mutate.Lab(ctx, config, t.lab, t.steps, func(step int, r mutate.Result) {
			fmt.Fprintf(w, "  step %d  %-8s  %-7s  %s\n", step, r.Outcome, console.Duration(r.Took), r.ID)
		})
		err = errors.Join(err, mutate.Keep(p.data.Path(mutantsFolder), report)) // also what was known when it was interrupted
		if err != nil {
			return nil, err
		}
		reports = append(reports, report)
	}
	return reports, nil
}

// writeMutants writes what the checks let pass, and a line for each step.
func writeMutants(w io.Writer, reports []mutate.Report) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, report := range reports {
		for _, step := range report.Steps {
			for _, r := range step.Results {
				if r.Outcome == mutate.Survived {
					fmt.Fprintf(w, "%s step %d: no check notices when this changes (%s, %s):\n%s\n", report.Lab, step.Number, r.Kind, r.At, console.Indent(r.Diff))
				}
			}
			for _, id := range step.Stale {
				fmt.Fprintf(w, "%s step %d: a reason is kept for what is no mutant, or is caught: %s\n", report.Lab, step.Number, id)
			}
			c := step.Count()
			fmt.Fprintf(table, "%s/%d\t%d caught\t%d let pass\t%d no fault\t%.0f %%\n", report.Lab, step.Number, c.Caught, c.Survived, c.Equal, c.Percent())
		}
	}
	return table.Flush()
}
