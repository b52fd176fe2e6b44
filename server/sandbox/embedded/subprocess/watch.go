package subprocess

import (
	"fmt"
	"sync"
	"time"

	"cnalab/labs/process"
	"cnalab/server/sandbox/part"
)

// A process that forks without end is ended when it has so many descendants,
// or when they take this many times the memory it may have; a learner's also when
// it has written more than process.MostWritten. Looking costs a few milliseconds,
// so it is not done often.
const (
	mostForks  = 200
	mostMemory = 2
	watchEvery = 2 * time.Second
)

// watched are the running processes that have a bound.
var watched watch

type watch struct {
	mu        sync.Mutex
	processes map[*Process]struct{}
}

func (w *watch) add(p *Process) {
	if p.spec.Memory == 0 {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.processes == nil {
		w.processes = map[*Process]struct{}{}
		go w.run()
	}
	w.processes[p] = struct{}{}
}

func (w *watch) remove(p *Process) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.processes, p)
}

func (w *watch) run() {
	for range time.Tick(watchEvery) {
		w.mu.Lock()
		var now []*Process
		for p := range w.processes {
			now = append(now, p)
		}
		w.mu.Unlock()
		for _, p := range now {
			p.bound()
		}
	}
}

// bound ends the process where it has taken more than it may.
func (p *Process) bound() {
	count, memory := p.tree.Usage()
	var why part.LimitExceeded
	switch {
	case count > mostForks || p.tree.Refused():
		why = part.LimitExceeded(fmt.Sprintf("started more than %d processes", mostForks))
	case memory > mostMemory*p.spec.Memory:
		why = part.LimitExceeded(fmt.Sprintf("used more than %d MB of memory", mostMemory*p.spec.Memory>>20))
	case p.filled():
		why = wroteTooMuch
	default:
		return
	}
	p.exceeded.Store(&why)
	p.tree.Kill()
}

var wroteTooMuch = part.LimitExceeded(fmt.Sprintf("wrote more than %d MB", process.MostWritten>>20))

// filled reports whether the learner's program has written more than it may.
func (p *Process) filled() bool {
	return p.spec.Isolation != nil && p.tree.Written() >= process.MostWritten
}
