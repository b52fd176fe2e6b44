package main

import (
	"errors"
	"sync"
	"time"
)

var errOpen = errors.New("left alone for a while")

type state int

const (
	closed state = iota
	open
	halfOpen
)

// breaker is a circuit breaker with its state by name.
type breaker struct {
	mu     sync.Mutex
	state  state
	row    int
	opened time.Time
	round  int // counts the changes of the state
}

type outcome int

const (
	succeeded outcome = iota
	failed
	abandoned
)

func (b *breaker) allow() (func(outcome), error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.state == open && time.Since(b.opened) > time.Second {
		b.become(halfOpen)
	} else if b.state != closed {
		return nil, errOpen
	}
	round := b.round
	return func(o outcome) {
		b.mu.Lock()
		defer b.mu.Unlock()
		if b.round == round {
			b.ended(o)
		}
	}, nil
}

func (b *breaker) ended(o outcome) {
	switch {
	case o == succeeded && b.state == halfOpen:
		b.become(closed)
	case o == succeeded:
		b.row = 0
	case o == failed && b.state == closed && b.row < 4:
		b.row++
	case o == failed:
		b.become(open)
		b.opened = time.Now()
	case b.state == halfOpen:
		b.become(open) // nothing was learned: the next one may probe
	}
}

func (b *breaker) become(s state) {
	b.state, b.row = s, 0
	b.round++
}
