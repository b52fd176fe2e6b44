// Package bounded keeps the beginning of what a program prints. It knows
// nothing of the program, and leaves to its user what happens to one that
// prints more.
package bounded

import (
	"bytes"
	"sync"
)

// Buffer is an io.Writer that keeps what is written to it up to Limit bytes.
// It has no ReadFrom, by which io.Copy would fill it past its limit. Fields are
// set before the first Write; methods may be called from many goroutines.
type Buffer struct {
	Limit int
	Full  func() // called once, when more is written than is kept; may be nil

	mu   sync.Mutex
	data bytes.Buffer
	full bool
}

// Write never fails: a program must not notice that nobody reads it.
func (b *Buffer) Write(data []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	room := b.Limit - b.data.Len()
	b.data.Write(data[:min(len(data), room)])
	if len(data) > room && !b.full {
		b.full = true
		if b.Full != nil {
			b.Full()
		}
	}
	return len(data), nil
}

// Overflowed reports whether more was written than is kept.
func (b *Buffer) Overflowed() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.full
}

// String is what is kept.
func (b *Buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.data.String()
}

// Lines returns the whole lines that begin at the offset, and the offset after
// them.
func (b *Buffer) Lines(offset int) (lines []string, next int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	rest := b.data.Bytes()[offset:]
	for {
		line, after, whole := bytes.Cut(rest, []byte("\n"))
		if !whole {
			return lines, b.data.Len() - len(rest)
		}
		lines = append(lines, string(bytes.TrimSuffix(line, []byte("\r"))))
		rest = after
	}
}
