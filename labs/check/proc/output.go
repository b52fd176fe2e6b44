package proc

import (
	"bytes"
	"context"
	"sync"
)

// output keeps what a program prints, up to a bound. A program that prints
// more is ended.
type output struct {
	mutex sync.Mutex
	data  bytes.Buffer
	bound int
	full  bool
	flood context.CancelFunc
}

func newOutput(bound int, flood context.CancelFunc) *output {
	return &output{bound: bound, flood: flood}
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
	return len(data), nil
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

// from returns the whole lines that begin at the offset, and the offset after
// them.
func (o *output) from(offset int) (lines []string, next int) {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	rest := o.data.Bytes()[offset:]
	for {
		line, after, whole := bytes.Cut(rest, []byte("\n"))
		if !whole {
			return lines, o.data.Len() - len(rest)
		}
		lines = append(lines, string(bytes.TrimSuffix(line, []byte("\r"))))
		rest = after
	}
}
