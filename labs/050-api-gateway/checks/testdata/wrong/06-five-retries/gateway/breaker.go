package main

import (
	"errors"
	"sync"
	"time"
)

const (
	threshold = 5           // failures in a row that open a breaker
	openFor   = time.Second // before a probe is let through
)

var errOpen = errors.New("the circuit breaker is open")

// breaker lets no calls through to a service that has failed too often. It is
// closed; open, when nothing passes; or half-open, when one probe does.
type breaker struct {
	mu       sync.Mutex
	failures int       // in a row
	until    time.Time // open, where there are too many
	probing  bool
}

// outcome is how a call has ended.
type outcome int

const (
	succeeded outcome = iota
	failed
	abandoned // by the client, which says nothing of the service
)

// allow asks to make a call. Where it may be made, done has to be told how it ended.
func (b *breaker) allow() (done func(outcome), err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.failures < threshold {
		return func(o outcome) { b.settle(o, false) }, nil
	}
	if b.probing || time.Now().Before(b.until) {
		return nil, errOpen
	}
	b.probing = true
	return func(o outcome) { b.settle(o, true) }, nil
}

func (b *breaker) settle(o outcome, probe bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if probe {
		b.probing = false
	} else if b.failures >= threshold {
		return // it began before the breaker opened
	}
	switch o {
	case succeeded:
		b.failures = 0
	case failed:
		b.failures++
		b.until = time.Now().Add(openFor)
	}
}
