// Package logbuffer keeps what one part of a sandbox prints: all of it in files
// of bounded size, the last lines in memory, and each line as an event for those
// who watch. However much a program prints, it fills neither disk nor memory,
// and a page that shows it stays usable. It knows nothing of processes.
package logbuffer

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"cnalab/server/sandbox"
)

// The bounds of one part's log.
const (
	lineBytes = 8 << 10 // the rest of a longer line is left out
	keepLines = 2000
	keepBytes = 512 << 10
	perSecond = 400     // lines passed on to watchers; the rest is counted
	rate      = 4 << 20 // bytes a second that are taken in before the writer is slowed down
)

// Buffer is an io.Writer for one part's output.
type Buffer struct {
	part  string
	watch func(sandbox.Line)
	file  *file

	mu        sync.Mutex
	partial   []byte
	cut       bool // the current line is longer than lineBytes
	lines     []sandbox.Line
	bytes     int
	forwarded quota // lines passed on
	intake    quota // bytes taken in
	skipped   int
}

// New returns a buffer that also writes to the file at path, and calls watch
// with each line.
func New(part, path string, watch func(sandbox.Line)) *Buffer {
	return &Buffer{part: part, watch: watch, file: &file{path: path},
		forwarded: quota{limit: perSecond}, intake: quota{limit: rate}}
}

// Write takes in what the part printed. It blocks while the part prints
// faster than anyone could use.
func (b *Buffer) Write(text []byte) (int, error) {
	b.mu.Lock()
	for rest := text; len(rest) > 0; {
		line, after, whole := bytes.Cut(rest, []byte("\n"))
		b.extend(line)
		if whole {
			b.finish()
		}
		rest = after
	}
	wait := time.Duration(0)
	if !b.intake.allow(len(text)) {
		wait = 20 * time.Millisecond
	}
	b.mu.Unlock()
	time.Sleep(wait)
	return len(text), nil
}

// Log adds a line of the sandbox's own, in the form of the services' logs.
func (b *Buffer) Log(level, message string) {
	b.Flush()
	fmt.Fprintf(b, "{\"time\":%q,\"level\":%q,\"msg\":%q%s\n",
		time.Now().UTC().Format(time.RFC3339Nano), level, message, signature)
}

// signature ends the lines of the sandbox's own.
const signature = `,"by":"sandbox"}`

// FromSandbox reports whether the sandbox wrote the line, and not the part.
func FromSandbox(line sandbox.Line) bool { return strings.HasSuffix(line.Text, signature) }

// Flush ends a line that was begun and never ended.
func (b *Buffer) Flush() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.partial) > 0 {
		b.finish()
	}
}

// Last returns the last lines, oldest first.
func (b *Buffer) Last(count int) []sandbox.Line {
	b.mu.Lock()
	defer b.mu.Unlock()
	from := max(0, len(b.lines)-max(0, count))
	return slices.Clone(b.lines[from:])
}

// Close closes the file; what is in memory stays.
func (b *Buffer) Close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.file.close()
}

func (b *Buffer) extend(text []byte) {
	if room := lineBytes - len(b.partial); len(text) > room {
		text, b.cut = text[:max(0, room)], true
	}
	b.partial = append(b.partial, text...)
}

func (b *Buffer) finish() {
	text := string(bytes.TrimSuffix(b.partial, []byte("\r")))
	if b.cut {
		text += " … (the rest of this line is left out)"
	}
	b.partial, b.cut = b.partial[:0], false
	if text == "" {
		return
	}
	line := sandbox.Line{Part: b.part, Time: time.Now(), Text: text}
	b.keep(line)
	b.file.write(text)
	b.forward(line)
}

func (b *Buffer) keep(line sandbox.Line) {
	b.lines = append(b.lines, line)
	b.bytes += len(line.Text)
	for len(b.lines) > keepLines || b.bytes > keepBytes {
		b.bytes -= len(b.lines[0].Text)
		b.lines[0] = sandbox.Line{} // let go of the text
		b.lines = b.lines[1:]
	}
}

// forward passes the line on, unless there are too many.
func (b *Buffer) forward(line sandbox.Line) {
	if !b.forwarded.allow(1) {
		b.skipped++
		return
	}
	if b.skipped > 0 {
		b.watch(sandbox.Line{Part: b.part, Time: line.Time,
			Text: fmt.Sprintf("… %d lines left out: %s prints faster than they can be shown", b.skipped, b.part)})
		b.skipped = 0
	}
	b.watch(line)
}
