package main

import "sync"

const (
	share = 0.1 // retries for each request
	most  = 10  // retries that may be saved up
)

// budget is how many retries are left. Requests earn them, so that they add a
// tenth to the load at most, however much fails.
type budget struct {
	mu    sync.Mutex
	spent float64 // of what may be saved up
}

func (b *budget) earn() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.spent = max(0, b.spent-share)
}

// spend takes one retry, where there is one.
func (b *budget) spend() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.spent+1 > most {
		return false
	}
	b.spent++
	return true
}
