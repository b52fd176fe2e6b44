package lab

import (
	"context"
	"slices"
	"strings"

	"cnalab/web/words"
)

// class is a verdict as a word for style sheets and tests.
func (v Verdict) class() string {
	if v == Unchecked {
		return "unchecked"
	}
	return strings.ReplaceAll(string(v), " ", "-")
}

// in is the verdict in the page's language.
func (v Verdict) in(ctx context.Context) string {
	w := words.In(ctx).Check
	switch v {
	case Passed:
		return w.Passed
	case NotYet:
		return w.NotYet
	case CouldNotCheck:
		return w.CouldNotCheck
	case Checking:
		return w.Checking
	}
	return w.Unchecked
}

// done counts the checks that have ended.
func (b ResultBar) done() (n int) {
	for _, c := range b.Checks {
		if c.Verdict == Passed || c.Verdict == NotYet || c.Verdict == CouldNotCheck {
			n++
		}
	}
	return n
}

// decisive is the check whose sentence matters most: the first that did not
// pass, and among those one that disagrees before one that could not look.
func (b ResultBar) decisive() (check Check, found bool) {
	for _, verdict := range []Verdict{NotYet, CouldNotCheck} {
		for _, c := range b.Checks {
			if c.Verdict == verdict {
				return c, true
			}
		}
	}
	return Check{}, false
}

// position is where in the files the result bar's sentence points: a check's, or the
// first that the compiler names.
func (b ResultBar) position() string {
	switch check, found := b.decisive(); {
	case b.Verdict == Checking || b.Verdict == Unchecked:
		return ""
	case b.Say != "":
		for _, l := range outputLines(b.Detail) {
			if l.position != "" {
				return l.position
			}
		}
		return ""
	case found:
		return check.At
	}
	return ""
}

// word is the result bar's verdict, or how far the checks are.
func (b ResultBar) word(ctx context.Context) string {
	switch b.Verdict {
	case Unchecked:
		return ""
	case Checking:
		return words.In(ctx).Check.CheckingOf(b.done(), len(b.Checks))
	}
	return b.Verdict.in(ctx)
}

// says is the one sentence of the result bar.
func (b ResultBar) says(ctx context.Context) string {
	w := words.In(ctx).Check
	switch {
	case b.Verdict == Checking:
		return b.does(ctx)
	case b.Say != "":
		return b.Say
	case b.Cancelled:
		return w.Cancelled
	}
	if c, found := b.decisive(); found {
		return c.sentence()
	}
	if b.Verdict == Passed && b.NextStep == nil {
		return w.LabDone
	}
	if b.Verdict == Passed {
		return w.AllPassed
	}
	return w.Idle
}

// does is what goes on: before the checks, or the check that runs now.
func (b ResultBar) does(ctx context.Context) string {
	w := words.In(ctx).Check
	switch b.Doing {
	case Opens:
		return w.Opens
	case Heals:
		return w.Heals(b.Part)
	case Builds:
		return w.Builds
	case Compiles:
		return w.Compiles
	}
	for _, c := range b.Checks {
		if c.Verdict == Checking {
			return c.Title
		}
	}
	return ""
}

// sentence is what the check says, or its title where it says nothing.
func (c Check) sentence() string {
	if c.Say != "" {
		return c.Say
	}
	return c.Title
}

// repeats reports whether a check before this one found the same.
func (c Check) repeats(before []Check) bool {
	return c.Say != "" && slices.ContainsFunc(before, func(b Check) bool {
		b.Title, b.Took = c.Title, c.Took
		return b == c
	})
}

// or is the text, or the words for there being none.
func or(text, none string) string {
	if text == "" {
		return none
	}
	return text
}

// passed counts the steps that have passed.
func (r Stepper) passed() (n int) {
	for _, s := range r.Steps {
		if s.Verdict == Passed {
			n++
		}
	}
	return n
}
