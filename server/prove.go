package main

import (
	"context"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"cnalab/labs"
	"cnalab/server/prove"
	"cnalab/server/workspaces"
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
			defer func() {
				if closed := p.close(nil); closed != nil {
					p.log.Warn("close", "error", closed)
				}
			}()
			module := func(root string) (goMod, goSum []byte, err error) { return workspaces.Module(c.Context(), root) }
			config := prove.Config{Grader: p.grader, Root: p.root, Module: module, PathOnly: path, Jobs: jobs}
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
		result, err := p.proveLab(ctx, config, lab, w)
		if err != nil {
			return err
		}
		results = append(results, result)
		good = good && len(result.Failures) == 0
	}
	if err := writeProofs(w, results); err != nil {
		return fmt.Errorf("write the proofs: %w", err)
	}
	if !good {
		return failed{exitFailed}
	}
	return nil
}

// chosen returns the named labs, or all that are written. A broken lab
// cannot be proved, and a proof of all must not leave it out in silence.
func (p *program) chosen(names []string) ([]*labs.Lab, error) {
	var chosen []*labs.Lab
	for _, name := range names {
		lab, err := p.library.find(name)
		if err != nil {
			return nil, err
		}
		if lab.Planned {
			return nil, usage(fmt.Sprintf("Lab %s is not written yet, so there is nothing to prove.", lab.Folder), "`labs list` says which are.")
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

func (p *program) proveLab(ctx context.Context, config prove.Config, lab *labs.Lab, w io.Writer) (result prove.Result, err error) {
	config.Provider, err = p.provider(ctx, lab)
	if err != nil {
		return prove.Result{}, err
	}
	fmt.Fprintf(w, "%s %s\n", lab.Number, lab.Title)
	result, err = prove.Lab(ctx, config, lab, func(t prove.Trial) { writeTrial(w, t) })
	for _, failure := range result.Failures {
		fmt.Fprintln(w, indent(failure))
	}
	return result, err
}

func writeTrial(w io.Writer, t prove.Trial) {
	verdict := string(t.Report.Verdict)
	if t.Report.Verdict != t.Want {
		verdict += ", wanted " + string(t.Want)
	}
	fmt.Fprintf(w, "  step %d  %-24s %s  %s\n", t.Step, t.Name, verdict, duration(t.Took))
}

// writeProofs writes a line for each lab.
func writeProofs(w io.Writer, results []prove.Result) error {
	fmt.Fprintln(w)
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, r := range results {
		verdict := "proved"
		if n := len(r.Failures); n > 0 {
			verdict = count(n, "trial came out otherwise", "trials came out otherwise")
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", r.Lab, count(len(r.Trials), "trial", "trials"), verdict, duration(r.Took))
	}
	return table.Flush()
}
