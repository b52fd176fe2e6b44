package check

import (
	"bytes"
	"context"
	"crypto/rand"
	"sync"
)

// markName is the variable that every process of a check inherits, so that
// those which left their group are found and ended too.
const markName = "CHECK_PROCESS"

func newMark() string { return rand.Text() }

// output keeps what a program prints, as lines and up to a bound. A program
// that prints more is ended.
type output struct {
	mutex  sync.Mutex
	data   bytes.Buffer
	bound  int
	full   bool
	ended  bool
	flood  context.CancelFunc
	change chan struct{} // closed and made anew with each change
}

func newOutput(bound int, flood context.CancelFunc) *output {
	return &output{bound: bound, flood: flood, change: make(chan struct{})}
}

// Write never fails: a program must not notice that nobody reads it.
func (o *output) Write(data []byte) (int, error) {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	room := o.bound - o.data.Len()
	o.data.Write(data[:min(len(data), room)])
	if len(data) > room && !o.full {
		o.full = true
		o.flood()
	}
	o.changed()
	return len(data), nil
}

func (o *output) close() {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	o.ended = true
	o.changed()
}

func (o *output) changed() {
	close(o.change)
	o.change = make(chan struct{})
}

func (o *output) isFull() bool {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	return o.full
}

func (o *output) String() string {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	return o.data.String()
}

// from returns the whole lines that begin at the offset, the offset after
// them, whether nothing more will come, and a channel closed at the next
// change. An unended last line counts once the program has ended.
func (o *output) from(offset int) (lines []string, next int, ended bool, change <-chan struct{}) {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	rest := o.data.Bytes()[offset:]
	for len(rest) > 0 {
		line, after, whole := bytes.Cut(rest, []byte("\n"))
		if !whole && !o.ended {
			break
		}
		lines = append(lines, string(bytes.TrimSuffix(line, []byte("\r"))))
		rest = after
	}
	return lines, o.data.Len() - len(rest), o.ended, o.change
}
