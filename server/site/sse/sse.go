// Package sse sends server-sent events to a page. It knows nothing of what they
// tell.
package sse

import (
	"bytes"
	"fmt"
	"net/http"
	"time"
)

// Bounds of one stream of events.
const (
	Heartbeat = 15 * time.Second // how often a Beat shows that the stream lives
	stuck     = 5 * time.Second  // a reader that takes nothing for so long is let go
)

// Stream is one page's connection.
type Stream struct {
	out     http.ResponseWriter
	control *http.ResponseController
	buffer  bytes.Buffer
}

// New begins a stream as the answer to a request.
func New(w http.ResponseWriter) *Stream {
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no")
	return &Stream{out: w, control: http.NewResponseController(w)}
}

// Event puts an event into the buffer; the protocol wants a field for each line.
func (s *Stream) Event(name string, data []byte) {
	fmt.Fprintf(&s.buffer, "event: %s\n", name)
	for line := range bytes.Lines(data) {
		fmt.Fprintf(&s.buffer, "data: %s\n", bytes.TrimRight(line, "\r\n"))
	}
	s.buffer.WriteString("\n")
}

// Beat puts an event without data into the buffer, by which both ends know that
// the other is there.
func (s *Stream) Beat() { s.buffer.WriteString("event: beat\ndata:\n\n") }

// Flush sends what the buffer holds. A reader that does not take it in time
// is let go: it would hold memory for as long as it sleeps.
func (s *Stream) Flush() error {
	_ = s.control.SetWriteDeadline(time.Now().Add(stuck)) // tests write to no connection
	if _, err := s.buffer.WriteTo(s.out); err != nil {
		return err
	}
	return s.control.Flush()
}
