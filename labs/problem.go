package labs

import (
	"errors"
	"strings"
)

// Kind sorts problems by who can act on them.
type Kind string

const (
	NotFound    Kind = "not found"    // no such lab, step or file
	BadInput    Kind = "bad input"    // a request, a flag or a lab's files are wrong
	Conflict    Kind = "conflict"     // somebody else changed or holds it
	LearnerCode Kind = "learner code" // the workspace does not build or crashed
	Machine     Kind = "machine"      // disk, memory, ports, missing programs
	Sandbox     Kind = "sandbox"      // a part of the sandbox is gone
	Internal    Kind = "internal"     // our own mistake
)

// Problem is an error for a person: what happened, in one sentence, and what
// to do next. Err is for the log and is never shown.
type Problem struct {
	Kind   Kind
	Say    string
	Next   string
	Detail string // lines worth showing below the sentence: the compiler's, a log's
	Err    error
}

// Error returns the sentence, and the cause for the log.
func (p *Problem) Error() string {
	if p.Err == nil {
		return p.Say
	}
	return p.Say + " (" + p.Err.Error() + ")"
}

func (p *Problem) Unwrap() error { return p.Err }

// AsProblem returns the problem in err's chain; any other error becomes an
// internal problem that says nothing of its cause, but for one of too many open
// files, which may be met anywhere.
func AsProblem(err error) *Problem {
	var p *Problem
	if errors.As(err, &p) {
		return p
	}
	if OutOfFiles(err) {
		return &Problem{Kind: Machine, Say: "Too many files are open.", Next: OpenFewer, Err: err}
	}
	return &Problem{
		Kind: Internal,
		Say:  "Something went wrong that we did not foresee.",
		Next: "Your files are saved. Try again; the server's log has the cause.",
		Err:  err,
	}
}

// SaysFull reports whether the words of the system, or of a program, say that
// the disk is full: where a program writes, its words are all there is to know.
func SaysFull(words string) bool {
	words = strings.ToLower(words)
	return strings.Contains(words, "no space left on device") || strings.Contains(words, "not enough space on the disk")
}
