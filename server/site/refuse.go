package site

import (
	"errors"
	"fmt"
	"net/http"

	"cnalab/labs"
)

// The sentences of requests that are turned away before they reach a page.

func foreignHost(host string) error {
	return &refused{&labs.Problem{
		Kind: labs.BadInput,
		Say:  "This server answers only on the address that it printed when it started.",
		Next: "Open that address; it starts with http://127.0.0.1.",
		Err:  fmt.Errorf("asked as host %q", host),
	}, http.StatusMisdirectedRequest}
}

func foreignOrigin() error {
	return &refused{&labs.Problem{
		Kind: labs.BadInput,
		Say:  "Another web site tried to do this in your name, so nothing was done.",
		Next: "Do it on this server's own page.",
	}, http.StatusForbidden}
}

func locked() error {
	return &refused{&labs.Problem{
		Kind: labs.BadInput,
		Say:  "This browser has no key to this server.",
		Next: "Open the address that the server printed when it started; it ends in ?token=…",
	}, http.StatusUnauthorized}
}

func methodNotAllowed(r *http.Request) error {
	return &refused{&labs.Problem{
		Kind: labs.BadInput,
		Say:  fmt.Sprintf("This address does not take %s.", r.Method),
		Next: "Go back to the lab and use its buttons.",
	}, http.StatusMethodNotAllowed}
}

func noPage() error {
	return &labs.Problem{
		Kind: labs.NotFound,
		Say:  "There is no page at this address.",
		Next: "Choose a lab from the catalogue.",
	}
}

// tooBig puts the limit of http.MaxBytesReader into a sentence.
func tooBig(err error) error {
	over, ok := errors.AsType[*http.MaxBytesError](err)
	if !ok {
		return err
	}
	say := fmt.Sprintf("This is more than the %d KiB that one request may bring.", over.Limit>>10)
	return &refused{&labs.Problem{
		Kind: labs.BadInput,
		Say:  say,
		Next: "Make the file smaller, or keep it outside the workspace.",
		Err:  err,
	}, http.StatusRequestEntityTooLarge}
}
