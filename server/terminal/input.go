package terminal

import (
	"bytes"
	"io"
	"sync"

	"cnalab/labs"
)

// mostInput bounds what waits to be read by a shell's program.
const mostInput = 8 << 20

// inOneGo is less than a terminal takes in all, so that Ctrl-C finds room
// behind it.
const inOneGo = 2 << 10

// interrupt is Ctrl-C, as a terminal sends it.
var interrupt = []byte{3}

// queue holds what was typed until the program in the shell reads it, so that
// a program that does not read keeps nobody from hearing what it prints.
type queue struct {
	arrived chan struct{} // holds one signal
	flush   func()        // throws away what the program has not read

	mu      sync.Mutex
	waiting []byte
	writing bool
}

func newQueue(flush func()) *queue { return &queue{arrived: make(chan struct{}, 1), flush: flush} }

// put adds bytes. Ctrl-C goes before what was pasted and not yet read, as it
// is meant to end that.
func (q *queue) put(p []byte) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if bytes.Equal(p, interrupt) {
		if q.waiting = nil; q.writing {
			defer q.flush()
		}
	}
	if len(q.waiting)+len(p) > mostInput {
		return &labs.Problem{Kind: labs.BadInput,
			Say:  "The program in the terminal does not read what was pasted, so the rest was left out.",
			Next: "Press Ctrl-C to end it."}
	}
	q.waiting = append(q.waiting, p...)
	select {
	case q.arrived <- struct{}{}:
	default:
	}
	return nil
}

func (q *queue) dequeue() []byte {
	q.mu.Lock()
	defer q.mu.Unlock()
	n := min(len(q.waiting), inOneGo)
	p := q.waiting[:n:n]
	q.writing = n > 0
	if q.waiting = q.waiting[n:]; len(q.waiting) == 0 {
		q.waiting = nil
	}
	return p
}

// drain writes what comes until the shell has ended.
func (q *queue) drain(w io.Writer, ended <-chan struct{}) {
	for {
		for p := q.dequeue(); len(p) > 0; p = q.dequeue() {
			if _, err := w.Write(p); err != nil {
				return
			}
		}
		select {
		case <-q.arrived:
		case <-ended:
			return
		}
	}
}
