package main

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// read has the readers ask for the page again and again until ctx ends, and returns how
// many pages they got: whole ones, and no errors.
func read(ctx context.Context, url string) int {
	var pages atomic.Int64
	var all sync.WaitGroup
	for range readers {
		all.Go(func() {
			for ctx.Err() == nil {
				if ask(ctx, http.MethodGet, url, nil, nil) == nil {
					pages.Add(1)
				}
			}
		})
	}
	all.Wait()
	return int(pages.Load())
}

// command sends a command every 20 ms until ctx ends, whether those before it are answered
// or not, and returns how long each of them took from the moment when it was due.
func command(ctx context.Context, send func(context.Context) error) (took []time.Duration, err error) {
	var mu sync.Mutex
	var all sync.WaitGroup
	room := make(chan struct{}, 64)
	for due := time.Now(); ; due = due.Add(every) {
		select {
		case <-ctx.Done():
			all.Wait() // those on their way count, too
			return took, err
		case <-time.After(time.Until(due)):
		}
		room <- struct{}{}
		all.Go(func() {
			defer func() { <-room }()
			failed := send(context.WithoutCancel(ctx))
			mu.Lock()
			defer mu.Unlock()
			took = append(took, time.Since(due))
			if failed != nil {
				err = failed
			}
		})
	}
}

// percentile is how long p of a hundred commands took at most.
func percentile(took []time.Duration, p int) time.Duration {
	if len(took) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(took))
	rank := (len(sorted)*p + 99) / 100 // rounded up
	return sorted[max(rank, 1)-1]
}
