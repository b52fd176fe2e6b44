package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"cnalab/labs"
	"cnalab/server/handin"
	"cnalab/server/handin/objects"
	"cnalab/server/session"
)

func handinCommand(o *options) *cobra.Command {
	var out string
	c := &cobra.Command{
		Use:   "handin LAB",
		Short: "Write a lab's work to one zip, to hand it in",
		Long: "Writes your files, and in labs with an engine or a cluster what you typed there\n" +
			"and what it held as each step passed, with a receipt. Whoever grades it opens it\n" +
			"with verify LAB --workspace FILE.",
		Example:           "  cnalab handin 090\n  cnalab handin docker-image --out kim.zip",
		ValidArgsFunction: o.completeLabs,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage("A hand-in is of one lab.", "Name it as 040 or event-driven.")
			}
			return o.handin(c.Context(), args[0], out, c.OutOrStdout(), c.ErrOrStderr())
		},
	}
	c.Flags().StringVar(&out, "out", "", "write it to `FILE` (default LAB-hand-in.zip here)")
	return c
}

func (o *options) handin(ctx context.Context, name, file string, out, log io.Writer) error {
	p, err := o.open(log, false)
	if err != nil {
		return err
	}
	defer p.closeQuietly()
	lab, err := p.written(name, "hand in")
	if err != nil {
		return err
	}
	if file == "" {
		file = lab.ID + "-hand-in.zip" // as the page names it
	}
	text, err := p.pack(ctx, lab)
	if err != nil {
		return err
	}
	if err := os.WriteFile(file, text, 0o644); err != nil {
		return &labs.Problem{Kind: labs.Machine, Say: fmt.Sprintf("%s was not written.", file), Next: "Name a file where you may write with --out FILE.", Detail: err.Error(), Err: err}
	}
	fmt.Fprintf(out, "%s holds your work on lab %s. `verify %s --workspace %s` checks it as your instructor does.\n", file, lab.Number, lab.Number, file)
	return nil
}

// pack is the lab's work as a zip.
func (p *program) pack(ctx context.Context, lab *labs.Lab) ([]byte, error) {
	workspace := p.workspaces.Lab(lab)
	if err := workspace.Open(ctx); err != nil {
		return nil, err
	}
	standing, err := p.progress.Lab(ctx, lab.ID)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = handin.Pack(&out, handin.Source{Lab: lab, Workspace: workspace.Dir(), Record: p.record(lab), Standing: standing, At: time.Now()})
	return out.Bytes(), err
}

// record is what was done in the lab.
func (p *program) record(lab *labs.Lab) handin.Record {
	return handin.RecordIn(p.data.Path("handin/" + lab.ID))
}

// exportLimit bounds how long a verdict waits until what it saw is kept.
const exportLimit = 10 * time.Second

// keepDone records what was done for steps that have passed, where that is more
// than their files.
func (p *program) keepDone(ctx context.Context, passed session.Passed) {
	if !handin.Kept(passed.Lab) {
		return
	}
	record := p.record(passed.Lab)
	steps := slices.DeleteFunc(passed.Steps, func(step int) bool { return record.Has(step, passed.Sandbox) })
	if len(steps) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, exportLimit)
	defer cancel()
	held, err := objects.Export(ctx, passed.Environment, passed.Workspace)
	if err != nil {
		p.log.Warn("export what the sandbox holds", "lab", passed.Lab.ID, "err", err) // what was typed is kept without
	}
	for _, step := range steps {
		err := record.Passed(handin.Step{Number: step, Sandbox: passed.Sandbox, Passed: time.Now(), Names: held.Names, Compose: held.Compose, Objects: held.Manifest}, passed.Workspace)
		if err != nil {
			p.log.Warn("record a step", "lab", passed.Lab.ID, "step", step, "err", err)
		}
	}
}
