package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"cnalab/labs"
	"cnalab/labs/translate"
	"cnalab/server/console"
	"cnalab/server/handin"
	"cnalab/server/report"
	"cnalab/server/sandbox/cleanup"
	"cnalab/server/verify"
	"cnalab/server/workspaces/module"
	"cnalab/web/words"
)

// formats are the ways to write a report.
var formats = map[string]func(io.Writer, []labs.Report) error{
	"text":  report.Text,
	"json":  report.JSON,
	"junit": report.JUnit,
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
			"checked, 64 when the command was wrong.\n\n" +
			"The JSON report has the digests of the work, the checks and this program. With\n" +
			"--key it is signed, and whoever has the key's public half can trust it later; see\n" +
			"cnalab signature.",
		Example: "  cnalab verify\n  cnalab verify 040\n  cnalab verify event-driven/2 --format json\n" +
			"  cnalab verify 040 --workspace ~/handed-in/kim --format junit > kim.xml\n" +
			"  cnalab verify 040 --workspace ~/handed-in/kim --format json --key ~/instructor.pem > kim.json",
		ValidArgsFunction: o.completeTarget,
		RunE: func(c *cobra.Command, args []string) error {
			if formats[format] == nil {
				return usage(fmt.Sprintf("There is no format %q.", format), "Choose text, json or junit.")
			}
			if err := o.resolveKey(format); err != nil {
				return err
			}
			dir, err := workspaceToVerify(args, workspace)
			if err != nil {
				return err
			}
			err = o.verify(c.Context(), args, dir, format, c.OutOrStdout(), c.ErrOrStderr())
			return unchecked(c.Context(), err, c.ErrOrStderr())
		},
	}
	c.Flags().StringVar(&workspace, "workspace", "", "check the work in `DIR`, a folder or a zip, instead of your own copy")
	c.Flags().StringVar(&format, "format", "text", "how to write the report: text, or json or junit, which stay English")
	must(c.RegisterFlagCompletionFunc("format", cobra.FixedCompletions([]string{"text", "json", "junit"}, cobra.ShellCompDirectiveNoFileComp)))
	c.Flags().StringVar(&o.key, "key", "", "sign the report with the key in `FILE`; --format json")
	languageFlag(c)
	return c
}

// workspaceToVerify looks at what can be wrong before anything is opened.
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
	if _, statErr := os.Stat(dir); err != nil || statErr != nil {
		return "", usage(fmt.Sprintf("There is no folder or zip %s.", workspace), "Name the folder or the zip with the work with --workspace DIR.")
	}
	return dir, nil
}

func (o *options) verify(ctx context.Context, args []string, workspace, format string, out, progress io.Writer) error {
	p, err := o.open(progress, false)
	if err != nil {
		return err
	}
	defer func() {
		p.closeQuietly()
		for _, notice := range p.progress.Notices() {
			fmt.Fprintln(progress, translate.In(words.Language(ctx), notice))
		}
	}()
	lab, steps, err := p.target(args)
	if err != nil {
		return err
	}
	evidence, err := p.evidence(lab, workspace, format, o.key)
	if err != nil {
		return err
	}
	reports, verdict, err := p.verify(ctx, lab, steps, workspace, progress)
	if err != nil {
		return err
	}
	if err := evidence.add(reports); err != nil {
		return err
	}
	write := formats[format]
	if lab == nil && format == "json" {
		write = console.JSONList
	}
	if format == "text" {
		write = p.text(ctx)
	}
	if err := write(out, reports); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return conclude(verdict)
}

// verify checks one lab, or all where it is nil.
func (p *program) verify(ctx context.Context, lab *labs.Lab, steps []int, workspace string, progress io.Writer) ([]labs.Report, labs.Verdict, error) {
	config := verify.Config{Data: p.data, Workspace: workspace, Sessions: p.sessions, Progress: progress, Follow: console.Follow, Log: p.log, Alone: p.signs,
		Hides:   slices.Concat(p.hides, []string{p.project.Root, p.project.Labs}),
		Notices: func(lab *labs.Lab) []string { return p.workspaces.Lab(lab).Notices() }}
	if workspace != "" {
		temp, remove, err := p.temporary()
		if err != nil {
			return nil, "", err
		}
		defer remove()
		work, err := p.find(ctx, lab, workspace, temp)
		if err != nil {
			return nil, "", err
		}
		for _, note := range work.Notes {
			fmt.Fprintln(progress, translate.In(words.Language(ctx), note))
		}
		config.Workspace, config.Steps, config.Temp = work.Dir, work.Steps, temp
		if dir := filepath.Dir(workspace); dir != filepath.Dir(dir) {
			config.Hides = append(config.Hides, dir) // others' work may lie beside it
		}
	}
	if lab == nil {
		all, broken := p.library.Labs()
		reports, verdict, err := verify.All(ctx, config, all, broken != nil)
		if err == nil && broken != nil {
			console.Problem(progress, broken, words.Language(ctx))
		}
		return reports, verdict, err
	}
	report, err := verify.Lab(ctx, config, lab, steps)
	return []labs.Report{report}, report.Verdict, err
}

// find finds the lab's work in what a grader was given.
func (p *program) find(ctx context.Context, lab *labs.Lab, given, temp string) (*handin.Work, error) {
	all, _ := p.library.Labs()
	files := module.New(p.project.Root, p.data.Path("cache"))
	return handin.Finder{Lab: lab, All: all, Module: files.Get, Temp: temp}.Open(ctx, given)
}

// temporary makes a folder for one command, in the data folder, where the next
// one finds it if this one is killed.
func (p *program) temporary() (dir string, remove func(), err error) {
	p.sweepTemporary()
	folder, err := filepath.EvalSymlinks(string(p.data))
	if err != nil {
		return "", nil, err
	}
	folder = filepath.Join(folder, temporaryFolder)
	record, err := cleanup.NewRecord(folder)
	if err != nil {
		return "", nil, err
	}
	dir = filepath.Join(folder, record.ID())
	return dir, func() {
		if err := record.End(); err != nil {
			p.log.Warn("remove a temporary folder", "err", err)
		}
	}, record.Folder(dir, 0o700)
}

// temporaryFolder is where the data folder has what lasts as long as a command.
const temporaryFolder = "temp"

// sweepTemporary removes what commands have left that were killed.
func (p *program) sweepTemporary() {
	if err := cleanup.Sweep(p.data.Path(temporaryFolder), func(string) {}); err != nil {
		p.log.Warn("sweep", "folder", temporaryFolder, "err", err)
	}
}

// unchecked makes whatever kept the checks from running, but for a wrong
// command or Ctrl-C, the verdict that nothing could be checked.
func unchecked(ctx context.Context, err error, w io.Writer) error {
	_, concluded := errors.AsType[failed](err)
	_, isMisuse := errors.AsType[*misuse](err)
	if err == nil || concluded || isMisuse || ctx.Err() != nil {
		return err
	}
	console.Problem(w, unwritten(err), words.Language(ctx))
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
