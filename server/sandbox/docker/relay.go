package docker

import (
	"bytes"
	"io"
	"sync"
)

// relay is a writer that passes on what a program prints, until there is the
// mark of its end. What comes when there is no program nobody wants.
type relay struct {
	mark []byte

	mu     sync.Mutex
	target io.Writer     // nil where there is no program
	ended  chan struct{} // closed at the mark
	held   []byte        // what may be the beginning of the mark
}

// to passes on to target from now on; the mark ends it.
func (r *relay) to(target io.Writer) (ended <-chan struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.target, r.ended = target, make(chan struct{})
	return r.ended
}

// Write takes in what was printed. The mark comes last of all: nothing is
// printed after it before another program is there.
func (r *relay) Write(text []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.target == nil {
		return len(text), nil
	}
	all := append(r.held, text...)
	before, over := bytes.CutSuffix(all, r.mark)
	r.held = nil
	if !over {
		begun := r.begun(all)
		before, r.held = all[:len(all)-begun], bytes.Clone(all[len(all)-begun:])
	}
	_, err := r.target.Write(before)
	if over {
		r.target = nil
		close(r.ended)
	}
	return len(text), err
}

// begun is how many of the last bytes may be the beginning of the mark.
func (r *relay) begun(text []byte) int {
	for n := min(len(text), len(r.mark)-1); n > 0; n-- {
		if bytes.HasSuffix(text, r.mark[:n]) {
			return n
		}
	}
	return 0
}
