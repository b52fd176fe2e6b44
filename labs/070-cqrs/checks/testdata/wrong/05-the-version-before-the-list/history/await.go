package main

import (
	"context"
	"time"
)

// bound is how long a page waits for its version, and pause how long between two looks.
const (
	bound = 2 * time.Second
	pause = 15 * time.Millisecond
)

// await reads a customer's page when it has reached the version, or when the bound is
// over: then the page is stale. It holds no connection while it waits.
func (h *history) await(ctx context.Context, customer string, version int64) (page, error) {
	end := time.Now().Add(bound)
	for {
		p, err := h.page(ctx, customer)
		if err != nil || p.Version >= version {
			return p, err
		}
		if time.Now().After(end) {
			p.Stale = true
			return p, nil
		}
		select {
		case <-ctx.Done(): // the customer has gone
			return page{}, ctx.Err()
		case <-time.After(pause):
		}
	}
}
