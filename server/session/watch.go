package session

import (
	"sync"

	"cnalab/server/sandbox"
)

// watchers are those who want to hear of changes. A watcher is told that
// something changed and reads it again with Status and Run, so one that is
// slow loses nothing but time.
type watchers struct {
	mu      sync.Mutex
	next    int
	changed map[int]func()
	line    map[int]func(sandbox.Line)
}

// Watch calls changed whenever Status or Run may return something new, and
// line for each line a part logs, until cancel. Both must return soon, and
// neither may call back into the session; either may be nil.
func (s *Session) Watch(changed func(), line func(sandbox.Line)) (cancel func()) {
	w := &s.watchers
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.changed == nil {
		w.changed, w.line = map[int]func(){}, map[int]func(sandbox.Line){}
	}
	id := w.next
	w.next++
	if changed != nil {
		w.changed[id] = changed
	}
	if line != nil {
		w.line[id] = line
	}
	return func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.changed, id)
		delete(w.line, id)
	}
}

func (w *watchers) change() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, f := range w.changed {
		f()
	}
}

func (w *watchers) logged(line sandbox.Line) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, f := range w.line {
		f(line)
	}
}
