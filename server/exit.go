package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"

	"cnalab/labs"
	"cnalab/server/console"
)

// What the program exits with.
const (
	exitFailed      = 1   // something is not yet, or was not done
	exitUnchecked   = 2   // something could not be checked
	exitUsage       = 64  // the command was wrong
	exitInterrupted = 130 // Ctrl-C
)

// failed is an error that has been reported already, with its exit code.
type failed struct{ code int }

func (f failed) Error() string { return fmt.Sprintf("exit %d", f.code) }

// usage is a command that was wrong.
func usage(say, next string) error {
	return &misuse{labs.Problem{Kind: labs.BadInput, Say: say, Next: next}}
}

type misuse struct{ problem labs.Problem }

func (m *misuse) Error() string { return m.problem.Error() }
func (m *misuse) Unwrap() error { return &m.problem }

// asMisuse makes a problem of one of the kinds the fault of the command.
func asMisuse(err error, kinds ...labs.Kind) error {
	if p, ok := errors.AsType[*labs.Problem](err); ok && slices.Contains(kinds, p.Kind) {
		return &misuse{*p}
	}
	return err
}

// exitCode writes what went wrong, if anything, and returns the exit code.
func exitCode(ctx context.Context, w io.Writer, err error) int {
	reported, isReported := errors.AsType[failed](err)
	_, isMisuse := errors.AsType[*misuse](err)
	switch {
	case err == nil:
		return 0
	case isReported:
		return reported.code
	case ctx.Err() != nil && errors.Is(err, ctx.Err()):
		fmt.Fprintln(w, "Interrupted; your files are as they were.")
		return exitInterrupted
	case isMisuse:
		console.Problem(w, err, localeLanguage(os.Getenv))
		return exitUsage
	}
	console.Problem(w, unwritten(err), localeLanguage(os.Getenv))
	return exitFailed
}

// unwritten says of what was not printed that it was not: a disk may be full, and
// who reads may have gone.
func unwritten(err error) error {
	if path, ok := errors.AsType[*fs.PathError](err); ok && path.Path == os.Stdout.Name() {
		return &labs.Problem{Kind: labs.Machine, Err: err, Say: "What this command prints could not be written.",
			Next: "Free some space, or let it print somewhere else.", Detail: path.Err.Error()}
	}
	return err
}
