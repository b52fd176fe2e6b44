package main

import (
	"context"
	"errors"
	"net/http"
)

// guard stands between the gateway and a service, and bounds what one does to
// the other.
type guard struct {
	to      http.RoundTripper
	breaker breaker
	budget  budget
}

func newGuard(to http.RoundTripper) *guard { return &guard{to: to} }

// RoundTrip makes one try, and a second one where that may be made.
func (g *guard) RoundTrip(r *http.Request) (*http.Response, error) {
	g.budget.earn()
	response, err := g.try(r)
	if outcomeOf(r.Context(), response, err) != failed || errors.Is(err, errOpen) || !repeatable(r) || !g.budget.spend() {
		return response, err
	}
	if response != nil {
		response.Body.Close()
	}
	return g.try(r)
}

// try makes one call, where the breaker lets it.
func (g *guard) try(r *http.Request) (*http.Response, error) {
	done, err := g.breaker.allow()
	if err != nil {
		return nil, err
	}
	response, err := g.to.RoundTrip(r)
	done(outcomeOf(r.Context(), response, err))
	return response, err
}

// outcomeOf says how a call has ended.
func outcomeOf(ctx context.Context, response *http.Response, err error) outcome {
	switch {
	case errors.Is(ctx.Err(), context.Canceled), errors.Is(err, errClient):
		return abandoned
	case err != nil || response.StatusCode >= 500:
		return failed
	}
	return succeeded
}

// repeatable reports whether a request does the same whether it comes once or
// twice. A body is read by the first try, so that the second one would have none.
func repeatable(r *http.Request) bool {
	return (r.Method == http.MethodGet || r.Method == http.MethodHead) && r.Body == nil
}
