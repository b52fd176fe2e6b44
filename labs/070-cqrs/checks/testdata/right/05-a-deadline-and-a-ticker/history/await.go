package main

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
)

// await looks at the version alone until it is there or two seconds are over, and then
// reads the page.
func (h *history) await(ctx context.Context, customer string, version int64) (page, error) {
	if err := h.reached(ctx, customer, version); err != nil {
		return page{}, err
	}
	p, err := h.page(ctx, customer)
	p.Stale = p.Version < version
	return p, err
}

func (h *history) reached(ctx context.Context, customer string, version int64) error {
	if version == 0 {
		return nil
	}
	over := time.After(2 * time.Second)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		var now int64
		err := h.view.QueryRow(ctx, "SELECT version FROM pages WHERE customer = $1", customer).Scan(&now)
		if err != nil && !errors.Is(err, pgx.ErrNoRows) || now >= version {
			return err
		}
		select {
		case <-over:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}
