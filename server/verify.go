package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"cnalab/labs"
	"cnalab/server/grade"
	"cnalab/server/session"
)

// formats are the ways to write a report.
var formats = map[string]func(io.Writer, []labs.Report) error{
	"text":  grade.WriteText,
	"json":  grade.WriteJSON,
	"junit": grade.WriteJUnit,
}

func verifyCommand(o *options) *cobra.Command {
	var workspace, format string
	c := &cobra.Command{
		Use:   "verify [LAB[/STEP]]",
		Short: "Check your work, and exit with the verdict",
		Long: "Checks all labs, one lab, or one step, by the same checks as the browser. Where\n" +
			"the server has the lab's sandbox open, it is used and the browser shows the\n" +
			"result too. Progress goes to stderr, the report to stdout.\n\n" +
			"Exits with 0 when all passed, 1 when some are not yet, 2 when some could not be\n" +
			"checked, 64 when the command was wrong.",
		Example: "  cnalab verify\n  cnalab verify 040\n  cnalab verify event-driven/2 --format json\n" +
			"  cnalab verify 040 --workspace ~/handed-in/kim --format junit > kim.xml",
		ValidArgsFunction: o.completeTarget,
		RunE: func(c *cobra.Command, args []string) error {
			v := &verification{options: o, workspace: workspace, format: format, log: c.ErrOrStderr()}
			return v.unchecked(c.Context(), v.run(c.Context(), args, c.OutOrStdout()))
		},
	}
	c.Flags().StringVar(&workspace, "workspace", "", "check the work in `DIR` instead of your own copy")
	c.Flags().StringVar(&format, "format", "text", "how to write the report: text, json or junit")
	must(c.MarkFlagDirname("workspace"))
	must(c.RegisterFlagCompletionFunc("format", cobra.FixedCompletions([]string{"text", "json", "junit"}, cobra.ShellCompDirectiveNoFileComp)))
	return c
}

// verification is one verify command.
type verification struct {
	*options
	*program
	workspace string
	format    string
	log       io.Writer
}

func (v *verification) run(ctx context.Context, args []string, out io.Writer) (err error) {
	write := formats[v.format]
	if write == nil {
		return usage(fmt.Sprintf("There is no format %q.", v.format), "Choose text, json or junit.")
	}
	if err := v.resolve(args); err != nil {
		return err
	}
	if v.program, err = v.options.open(v.log, false); err != nil {
		return err
	}
	defer func() { err = v.end(err) }()
	lab, steps, err := v.program.target(args)
	if err != nil {
		return err
	}
	reports, verdict, err := v.reports(ctx, lab, steps)
	if err != nil {
		return err
	}
	if lab == nil && v.format == "json" {
		write = writeAll
	}
	if err := write(out, reports); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return conclude(verdict)
}

// unchecked makes whatever kept the checks from running, but for a wrong
// command or Ctrl-C, the verdict that nothing could be checked.
func (v *verification) unchecked(ctx context.Context, err error) error {
	_, concluded := errors.AsType[failed](err)
	_, isMisuse := errors.AsType[*misuse](err)
	if err == nil || concluded || isMisuse || ctx.Err() != nil {
		return err
	}
	writeProblem(v.log, err)
	return failed{exitUnchecked}
}

// writeAll writes the reports of all labs as a list, even where all is one.
func writeAll(w io.Writer, reports []labs.Report) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(append([]labs.Report{}, reports...))
}

// end closes what verify opened; its verdict stands even where that fails.
func (v *verification) end(err error) error {
	closed := v.program.close(nil)
	for _, told := range v.program.progress.Notices() {
		fmt.Fprintln(v.log, told)
	}
	if closed != nil {
		v.program.log.Warn("close", "error", closed)
	}
	return err
}

// resolve looks at what can be wrong before anything is opened.
func (v *verification) resolve(args []string) error {
	if len(args) > 1 {
		return usage("Verify takes one lab, or none for all.", "Name it as 040 or event-driven, and a step as 040/2.")
	}
	if v.workspace == "" {
		return nil
	}
	if len(args) == 0 {
		return usage("A workspace belongs to one lab.", "Name the lab too: verify 040 --workspace DIR.")
	}
	dir, err := filepath.Abs(v.workspace)
	if info, statErr := os.Stat(dir); err != nil || statErr != nil || !info.IsDir() {
		return usage(fmt.Sprintf("There is no folder %s.", v.workspace), "Name the folder with the work with --workspace DIR.")
	}
	v.workspace = dir
	return nil
}

// reports checks one lab, or every lab that is written.
func (v *verification) reports(ctx context.Context, lab *labs.Lab, steps []int) ([]labs.Report, labs.Verdict, error) {
	if lab != nil {
		report, err := v.check(ctx, lab, steps)
		return []labs.Report{report}, report.Verdict, err
	}
	all, broken := v.library.Labs()
	var reports []labs.Report
	var verdicts []labs.Verdict
	for _, lab := range all {
		if lab.Planned {
			continue
		}
		report, err := v.check(ctx, lab, nil)
		if err != nil {
			return nil, "", err
		}
		reports, verdicts = append(reports, report), append(verdicts, report.Verdict)
	}
	if broken != nil { // a lab that cannot be read cannot be checked
		writeProblem(v.log, broken)
		verdicts = append(verdicts, labs.CouldNotCheck)
	}
	return reports, labs.Worst(verdicts...), nil
}

// check asks the server where it has the lab open, else opens a sandbox.
func (v *verification) check(ctx context.Context, lab *labs.Lab, steps []int) (labs.Report, error) {
	fmt.Fprintf(v.log, "%s %s\n", lab.Number, lab.Title)
	if server, ok := v.program.data.server(); ok {
		report, err := server.verify(ctx, lab, steps, v.workspace)
		if err == nil {
			fmt.Fprintf(v.log, "  checked by the server at %s, in the sandbox it has open\n", server.URL)
			return report, nil
		}
		if ctx.Err() != nil {
			return report, ctx.Err()
		}
		v.program.log.Debug("the server did not check", "lab", lab.ID, "error", err)
	}
	s := v.sessionOf(lab)
	stop := follow(ctx, s, v.log)
	report, err := s.Check(ctx, steps...)
	stop()
	if ctx.Err() != nil {
		return report, ctx.Err()
	}
	if err != nil {
		report = grade.Broken(lab, steps, labs.AsProblem(err))
	}
	for _, told := range v.program.workspaces.Lab(lab).Notices() {
		fmt.Fprintln(v.log, told)
	}
	if err := s.Close(); err != nil {
		v.program.log.Warn("close sandbox", "lab", lab.ID, "error", err)
	}
	return report, nil
}

func (v *verification) sessionOf(lab *labs.Lab) *session.Session {
	if v.workspace != "" {
		return v.sessions.SessionAt(session.Key{Lab: lab}, v.workspace)
	}
	return v.session(lab)
}

// conclude makes the verdict an exit code.
func conclude(verdict labs.Verdict) error {
	switch verdict {
	case labs.Passed:
		return nil
	case labs.NotYet:
		return failed{exitFailed}
	}
	return failed{exitUnchecked}
}
