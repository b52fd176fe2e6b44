package main

import "github.com/segmentio/kafka-go"

// maxEvents is how many events are written at a time, at most.
const maxEvents = 50

// pending is an event that was accepted and is not stored yet.
type pending struct {
	id      string
	message kafka.Message
}

// queue holds what is pending, and no more than its bound. What is being sent
// counts too, until it is stored.
type queue struct {
	places  chan struct{}
	waiting chan pending
}

func newQueue(bound int) *queue {
	return &queue{places: make(chan struct{}, bound), waiting: make(chan pending, bound)}
}

// enter takes a place for one event, if there is one.
func (q *queue) enter() bool {
	select {
	case q.places <- struct{}{}:
		return true
	default:
		return false
	}
}

// put adds an event that has a place.
func (q *queue) put(p pending) { q.waiting <- p }

// leave frees the place of one event.
func (q *queue) leave() { <-q.places }

// close says that no more will be put.
func (q *queue) close() { close(q.waiting) }

// more adds to left what is waiting, up to maxEvents. If nothing is left it
// waits for the first; it returns nothing when nothing will come.
func (q *queue) more(left []pending) []pending {
	if len(left) == 0 {
		p, open := <-q.waiting
		if !open {
			return nil
		}
		left = append(left, p)
	}
	for len(left) < maxEvents {
		select {
		case p, open := <-q.waiting:
			if !open {
				return left
			}
			left = append(left, p)
		default:
			return left
		}
	}
	return left
}
