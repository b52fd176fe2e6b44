package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"cnalab/labs"
	"cnalab/server/console"
	"cnalab/server/report"
	"cnalab/server/verify"
	"cnalab/web/words"
)

// formats are the ways to write a report.
var formats = map[string]func(w io.Writer, reports []labs.Report, language string) error{
	"text":  report.Text,
	"json":  inEnglish(report.JSON),
	"junit": inEnglish(report.JUnit),
}

// inEnglish is a way to write a report that programs read.
func inEnglish(write func(io.Writer, []labs.Report) error) func(io.Writer, []labs.Report, string) error {
	return func(w io.Writer, reports []labs.Report, _ string) error { return write(w, reports) }
}

// verifyFlags are what the verb's flags say.
type verifyFlags struct{ workspace, format, language string }

func verifyCommand(o *options) *cobra.Command {
	var flags verifyFlags
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
			dir, err := flags.check(args)
			if err != nil {
				return err
			}
			flags.workspace = dir
			err = o.verify(c.Context(), args, flags, c.OutOrStdout(), c.ErrOrStderr())
			return unchecked(c.Context(), err, c.ErrOrStderr())
		},
	}
	c.Flags().StringVar(&flags.workspace, "workspace", "", "check the work in `DIR` instead of your own copy")
	c.Flags().StringVar(&flags.format, "format", "text", "how to write the report: text, json or junit")
	c.Flags().StringVar(&flags.language, "lang", "", "the language of a text report: en or ko (default as your locale)")
	must(c.MarkFlagDirname("workspace"))
	must(c.RegisterFlagCompletionFunc("format", cobra.FixedCompletions([]string{"text", "json", "junit"}, cobra.ShellCompDirectiveNoFileComp)))
	must(c.RegisterFlagCompletionFunc("lang", cobra.FixedCompletions(words.Languages, cobra.ShellCompDirectiveNoFileComp)))
	return c
}

// check looks at what can be wrong before anything is opened, and returns the
// workspace's folder.
func (f verifyFlags) check(args []string) (dir string, err error) {
	if formats[f.format] == nil {
		return "", usage(fmt.Sprintf("There is no format %q.", f.format), "Choose text, json or junit.")
	}
	if f.language != "" && !words.Knows(f.language) {
		return "", usage(fmt.Sprintf("There is no language %q.", f.language), "Choose "+either(words.Languages)+".")
	}
	return workspaceToVerify(args, f.workspace)
}

// speaks is the language of the report, and of what is written while labs are
// checked. Reports for programs are in English.
func (f verifyFlags) speaks() string {
	if f.format != "text" {
		return "en"
	}
	return cmp.Or(f.language, localeLanguage(os.Getenv))
}

// localeLanguage is the language of the environment's locale, English where we do
// not speak it.
func localeLanguage(getenv func(string) string) string {
	locale := cmp.Or(getenv("LC_ALL"), getenv("LC_MESSAGES"), getenv("LANG"))
	if language, _, _ := strings.Cut(locale, "_"); words.Knows(language) {
		return language
	}
	return "en"
}

// workspaceToVerify is the absolute path of the named folder.
func workspaceToVerify(args []string, workspace string) (string, error) {
	switch {
	case len(args) > 1:
		return "", usage("Verify takes one lab, or none for all.", "Name it as 040 or event-driven, and a step as 040/2.")
	case workspace == "":
		return "", nil
	case len(args) == 0:
		return "", usage("A workspace belongs to one lab.", "Name the lab too: verify 040 --workspace DIR.")
	}
	dir, err := filepath.Abs(workspace)
	if info, statErr := os.Stat(dir); err != nil || statErr != nil || !info.IsDir() {
		return "", usage(fmt.Sprintf("There is no folder %s.", workspace), "Name the folder with the work with --workspace DIR.")
	}
	return dir, nil
}

func (o *options) verify(ctx context.Context, args []string, flags verifyFlags, out, progress io.Writer) error {
	p, err := o.open(progress, false)
	if err != nil {
		return err
	}
	defer func() {
		p.closeQuietly()
		for _, notice := range p.progress.Notices() {
			fmt.Fprintln(progress, notice)
		}
	}()
	lab, steps, err := p.target(args)
	if err != nil {
		return err
	}
	reports, verdict, err := p.verify(ctx, lab, steps, flags, progress)
	if err != nil {
		return err
	}
	write := formats[flags.format]
	if lab == nil && flags.format == "json" {
		write = inEnglish(console.JSONList)
	}
	if err := write(out, reports, flags.speaks()); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return conclude(verdict)
}

// verify checks one lab, or all where it is nil.
func (p *program) verify(ctx context.Context, lab *labs.Lab, steps []int, flags verifyFlags, progress io.Writer) ([]labs.Report, labs.Verdict, error) {
	config := verify.Config{Data: p.data, Workspace: flags.workspace, Language: flags.speaks(), Sessions: p.sessions, Progress: progress, Follow: console.Follow, Log: p.log,
		Notices: func(lab *labs.Lab) []string { return p.workspaces.Lab(lab).Notices() }}
	if lab == nil {
		all, broken := p.library.Labs()
		reports, verdict, err := verify.All(ctx, config, all, broken != nil)
		if err == nil && broken != nil {
			console.Problem(progress, broken)
		}
		return reports, verdict, err
	}
	report, err := verify.Lab(ctx, config, lab, steps)
	return []labs.Report{report}, report.Verdict, err
}

// unchecked makes whatever kept the checks from running, but for a wrong
// command or Ctrl-C, the verdict that nothing could be checked.
func unchecked(ctx context.Context, err error, w io.Writer) error {
	_, concluded := errors.AsType[failed](err)
	_, isMisuse := errors.AsType[*misuse](err)
	if err == nil || concluded || isMisuse || ctx.Err() != nil {
		return err
	}
	console.Problem(w, err)
	return failed{exitUnchecked}
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
