package main

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// read has the readers ask for the page again and again until ctx ends, and returns how
// many pages they got.
func read(ctx context.Context, url string) int {
	var pages atomic.Int64
	var all sync.WaitGroup
	for range readers {
		all.Go(func() {
			for ctx.Err() == nil {
				if resp, err := client.Get(url); err == nil {
					resp.Body.Close()
				}
				pages.Add(1)
			}
		})
	}
	all.Wait()
	return int(pages.Load())
}

// command sends a command every 20 ms until ctx ends, and returns how long each of them
// took.
func command(ctx context.Context, send func(context.Context) error) (took []time.Duration, err error) {
	for ctx.Err() == nil {
		begin := time.Now()
		_ = send(context.WithoutCancel(ctx))
		took = append(took, time.Since(begin))
		time.Sleep(every)
	}
	return took, nil
}

// percentile is how long p of a hundred commands took at most.
func percentile(took []time.Duration, p int) time.Duration {
	var sum time.Duration
	for _, one := range took {
		sum += one
	}
	return sum / time.Duration(max(len(took), 1))
}
