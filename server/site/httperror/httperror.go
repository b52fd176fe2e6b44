// Package httperror says problems of the web: with which status each kind of
// problem is answered, and what is wrong with requests that are refused before
// anybody looks at what they ask for. It draws nothing and answers nobody.
package httperror

import (
	"errors"
	"fmt"
	"net/http"

	"cnalab/labs"
)

// Error is a problem with a status that its kind does not tell.
type Error struct {
	*labs.Problem
	status int
}

// New gives a problem a status of its own.
func New(p *labs.Problem, status int) error { return &Error{p, status} }

func (e *Error) Unwrap() error { return e.Problem }

// statuses are those of each kind of problem.
var statuses = map[labs.Kind]int{
	labs.NotFound:    http.StatusNotFound,
	labs.BadInput:    http.StatusBadRequest,
	labs.Conflict:    http.StatusConflict,
	labs.LearnerCode: http.StatusUnprocessableEntity,
	labs.Machine:     http.StatusServiceUnavailable,
	labs.Sandbox:     http.StatusServiceUnavailable,
	labs.Internal:    http.StatusInternalServerError,
}

// Status is the HTTP status that an error is answered with.
func Status(err error) int {
	if own, ok := errors.AsType[*Error](err); ok {
		return own.status
	}
	return statuses[labs.AsProblem(err).Kind]
}

// MethodNotAllowed is about a request that no page has.
func MethodNotAllowed(r *http.Request) error {
	return New(&labs.Problem{
		Kind: labs.BadInput,
		Say:  fmt.Sprintf("This address does not take %s.", r.Method),
		Next: "Go back to the lab and use its buttons.",
	}, http.StatusMethodNotAllowed)
}

// NoPage is about an address that leads nowhere.
func NoPage() error {
	return &labs.Problem{
		Kind: labs.NotFound,
		Say:  "There is no page at this address.",
		Next: "Choose a lab from the catalogue.",
	}
}

// TooBig puts the limit of http.MaxBytesReader into a sentence.
func TooBig(err error) error {
	over, ok := errors.AsType[*http.MaxBytesError](err)
	if !ok {
		return err
	}
	say := fmt.Sprintf("This is more than the %d KiB that one request may bring.", over.Limit>>10)
	return New(&labs.Problem{
		Kind: labs.BadInput,
		Say:  say,
		Next: "Make the file smaller, or keep it outside the workspace.",
		Err:  err,
	}, http.StatusRequestEntityTooLarge)
}

// TooSlow is about what has not come in whole within its time.
func TooSlow(err error) error {
	return New(&labs.Problem{
		Kind: labs.BadInput,
		Say:  "What you sent came in too slowly, so nothing was done.",
		Next: "Do it once more.",
		Err:  err,
	}, http.StatusRequestTimeout)
}

// BadForm is about a form that cannot be read.
func BadForm(err error) error {
	_, large := errors.AsType[*http.MaxBytesError](err)
	if _, told := errors.AsType[*Error](err); told || large {
		return err
	}
	return &labs.Problem{
		Kind: labs.BadInput,
		Say:  "The form came in broken, so nothing was done.",
		Next: "Load the page again, and do it once more.",
		Err:  err,
	}
}
