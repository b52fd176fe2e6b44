package main

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"cnalab/labs"
	"cnalab/server/signature"
)

// evidence is what reports will say of themselves, and who signs them.
type evidence struct {
	program    *program
	key        ed25519.PrivateKey // nil where nobody does
	given      string             // what to check in place of the learner's own; empty is their own
	workspaces map[string]string  // digests of what was handed in, by lab, before anything is done with it
}

// evidence looks at what there is before the checks. No lab means all of them. It
// is nil for a format that has no room for it.
func (p *program) evidence(lab *labs.Lab, given, format, key string) (e *evidence, err error) {
	if format != "json" {
		return nil, nil
	}
	e = &evidence{program: p, given: given, workspaces: map[string]string{}}
	if key != "" {
		if e.key, err = signature.Private(key); err != nil {
			return nil, asMisuse(err, labs.BadInput)
		}
	}
	all := []*labs.Lab{lab}
	if lab == nil {
		all, _ = p.library.Labs()
	}
	for _, lab := range all {
		e.workspaces[lab.ID], err = signature.Digest(e.work(lab))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, unreadableWork(err)
		}
	}
	return e, nil
}

func unreadableWork(err error) error {
	return &labs.Problem{Kind: labs.Machine, Say: "The work cannot be read as a whole.",
		Next: "See that its files are yours to read, and that nothing writes to them.", Err: err}
}

// work is the folder, or the file, that is checked.
func (e *evidence) work(lab *labs.Lab) string {
	if e.given != "" {
		return e.given
	}
	return e.program.workspaces.Lab(lab).Dir()
}

// add has the reports say when they were made, of what and by what, and signs
// them.
func (e *evidence) add(reports []labs.Report) error {
	if e == nil {
		return nil
	}
	executable, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find program: %w", err)
	}
	program, err := signature.Digest(executable)
	if err != nil {
		return fmt.Errorf("read program: %w", err)
	}
	for i := range reports {
		if err := e.addTo(&reports[i], program); err != nil {
			return err
		}
	}
	return nil
}

func (e *evidence) addTo(report *labs.Report, program string) error {
	lab, err := e.program.library.Find(report.Lab)
	if err != nil {
		return err
	}
	digests := labs.Digests{Workspace: e.workspaces[lab.ID], Program: program}
	if digests.Workspace == "" { // it was made for this check
		if digests.Workspace, err = signature.Digest(e.work(lab)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return unreadableWork(err)
		}
	}
	if digests.Checks, err = e.program.grader.Digest(lab); err != nil {
		return fmt.Errorf("read checks: %w", err)
	}
	report.At, report.Digests = time.Now().UTC().Truncate(time.Second), &digests
	if e.key == nil {
		return nil
	}
	return signature.Sign(report, e.key)
}

// resolveKey makes the key's path one that holds wherever it is read.
func (o *options) resolveKey(format string) (err error) {
	if o.key == "" {
		return nil
	}
	if format != "json" {
		return usage("Only a JSON report can be signed.", "Add --format json.")
	}
	if o.key, err = filepath.Abs(o.key); err != nil {
		return fmt.Errorf("find key: %w", err)
	}
	return nil
}

// hides are the folders that no program of a learner's may see.
func (o *options) hides() []string {
	hides := []string{o.data}
	if dir := filepath.Dir(o.key); o.key != "" && dir != filepath.Dir(dir) {
		hides = append(hides, dir)
	}
	return hides
}
