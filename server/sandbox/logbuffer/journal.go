// Package journal keeps what one part of a sandbox prints: whole in a file of
// bounded size, the last lines in memory, and each line as an event for those
// who watch. However much a program prints, it fills neither disk nor memory,
// and a page that shows it stays usable. It knows nothing of processes.
package logbuffer

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"time"

	"cnalab/server/sandbox"
)

// The bounds of one part's journal.
const (
	lineBytes = 8 << 10 // the rest of a longer line is left out
	keepLines = 2000
	keepBytes = 512 << 10
	perSecond = 400     // lines passed on to watchers; the rest is counted
	rate      = 4 << 20 // bytes a second that are taken in before the writer is slowed down
)

// Journal is an io.Writer for one part's output.
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

// New returns a journal that also writes to the file at path, and tells watch
// of each line.
func New(part, path string, watch func(sandbox.Line)) *Buffer {
	return &Buffer{part: part, watch: watch, file: &file{path: path},
		forwarded: quota{limit: perSecond}, intake: quota{limit: rate}}
}

// Write takes in what the part printed. It blocks while the part prints
// faster than anyone could use.
func (j *Buffer) Write(text []byte) (int, error) {
	j.mu.Lock()
	for rest := text; len(rest) > 0; {
		line, after, whole := bytes.Cut(rest, []byte("\n"))
		j.extend(line)
		if whole {
			j.finish()
		}
		rest = after
	}
	wait := time.Duration(0)
	if !j.intake.allow(len(text)) {
		wait = 20 * time.Millisecond
	}
	j.mu.Unlock()
	time.Sleep(wait)
	return len(text), nil
}

// Say adds a line of the sandbox's own, in the form of the services' logs.
func (j *Buffer) Log(level, message string) {
	j.Flush()
	fmt.Fprintf(j, "{\"time\":%q,\"level\":%q,\"msg\":%q%s\n",
		time.Now().UTC().Format(time.RFC3339Nano), level, message, signature)
}

// signature ends the lines of the sandbox's own.
const signature = `,"by":"sandbox"}`

// Ours reports whether the sandbox wrote the line, and not the part.
func FromSandbox(line sandbox.Line) bool { return strings.HasSuffix(line.Text, signature) }

// Flush ends a line that was begun and never ended.
func (j *Buffer) Flush() {
	j.mu.Lock()
	defer j.mu.Unlock()
	if len(j.partial) > 0 {
		j.finish()
	}
}

// Last returns the last lines, oldest first.
func (j *Buffer) Last(count int) []sandbox.Line {
	j.mu.Lock()
	defer j.mu.Unlock()
	from := max(0, len(j.lines)-max(0, count))
	return append([]sandbox.Line(nil), j.lines[from:]...)
}

// Close closes the file; what is in memory stays.
func (j *Buffer) Close() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.file.close()
}

func (j *Buffer) extend(text []byte) {
	if room := lineBytes - len(j.partial); len(text) > room {
		text, j.cut = text[:max(0, room)], true
	}
	j.partial = append(j.partial, text...)
}

func (j *Buffer) finish() {
	text := string(bytes.TrimSuffix(j.partial, []byte("\r")))
	if j.cut {
		text += " … (the rest of this line is left out)"
	}
	j.partial, j.cut = j.partial[:0], false
	if text == "" {
		return
	}
	line := sandbox.Line{Part: j.part, Time: time.Now(), Text: text}
	j.keep(line)
	j.file.write(text)
	j.forward(line)
}

func (j *Buffer) keep(line sandbox.Line) {
	j.lines = append(j.lines, line)
	j.bytes += len(line.Text)
	for len(j.lines) > keepLines || j.bytes > keepBytes {
		j.bytes -= len(j.lines[0].Text)
		j.lines[0] = sandbox.Line{} // let go of the text
		j.lines = j.lines[1:]
	}
}

// tell passes the line on, unless there are too many.
func (j *Buffer) forward(line sandbox.Line) {
	if !j.forwarded.allow(1) {
		j.skipped++
		return
	}
	if j.skipped > 0 {
		j.watch(sandbox.Line{Part: j.part, Time: line.Time,
			Text: fmt.Sprintf("… %d lines left out: %s prints faster than they can be shown", j.skipped, j.part)})
		j.skipped = 0
	}
	j.watch(line)
}
