package site

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"cnalab/labs"
	"cnalab/server/sandbox"
	"cnalab/server/session/event"
)

// watcher tells what happens, and how it is now.
type watcher interface {
	Status() sandbox.Status
	Log(part string, lines int) []sandbox.Line
	// Subscribe collects what happens of the topics from now on, until cancel.
	Subscribe(topics ...event.Topic) (events *event.Subscription, cancel func())
}

// Bounds of one stream of events.
const (
	heartbeat = 15 * time.Second
	stuck     = 5 * time.Second // a reader that takes nothing for so long is let go
)

// errSlow ends the stream of a reader that cannot keep up. Its browser
// connects again, and begins with the whole state.
var errSlow = errors.New("reader is too slow")

// events streams what changes on a step's page until the page is left. It
// begins with the whole state, so a page that was away is right again.
func (s *Site) events(w http.ResponseWriter, r *http.Request) error {
	lab, err := s.lab(r)
	if err != nil {
		return err
	}
	step := lab.Step(s.stepOf(r, lab))
	if step == nil {
		return noPage()
	}
	if _, err := s.Session(lab).ReadStanding(r.Context()); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no")
	st := &stream{site: s, lab: lab, step: step, out: w, control: http.NewResponseController(w), keys: map[string]string{}, sent: map[string][]byte{}}
	if err := st.run(r.Context()); err != nil && r.Context().Err() == nil {
		s.Log.Debug("stream events", "lab", lab.ID, "err", err)
	}
	return nil
}

// stream is one page's connection.
type stream struct {
	site    *Site
	lab     *labs.Lab
	step    *labs.Step
	out     http.ResponseWriter
	control *http.ResponseController
	buffer  bytes.Buffer
	keys    map[string]string // what each long piece was drawn from
	sent    map[string][]byte // what the page shows now, by piece
}

func (st *stream) run(ctx context.Context) error {
	happens, cancel := st.site.Session(st.lab).Subscribe(event.All()...)
	defer cancel()
	hello, _ := json.Marshal(map[string]string{"id": st.site.start}) // strings encode
	st.event("hello", hello)
	if err := st.draw(ctx, event.Of(whole...)); err != nil {
		return err
	}
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		if err := st.flush(); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-st.site.stopped:
			return nil
		case <-beat.C:
			st.buffer.WriteString(":\n\n")
		case <-happens.Ready:
			if err := st.forward(ctx, happens.Take()); err != nil {
				return err
			}
		}
	}
}

// forward sends what has happened: the pieces that it changes first, so that the
// page knows the files that it hears of.
func (st *stream) forward(ctx context.Context, what event.Changes) error {
	if what.Lost {
		return errSlow
	}
	if err := st.draw(ctx, what); err != nil {
		return err
	}
	for path, tag := range what.Files {
		text, _ := json.Marshal(map[string]string{"path": path, "etag": quoted(tag)}) // strings encode
		st.event("file", text)
	}
	for _, line := range what.Lines {
		text, _ := json.Marshal(map[string]any{"part": line.Part, "time": line.Time, "text": line.Text}) // plain values encode
		st.event("log", text)
	}
	return nil
}

// event puts an event into the buffer; the protocol wants a field for each line.
func (st *stream) event(name string, data []byte) {
	fmt.Fprintf(&st.buffer, "event: %s\n", name)
	for line := range bytes.Lines(data) {
		fmt.Fprintf(&st.buffer, "data: %s\n", bytes.TrimRight(line, "\r\n"))
	}
	st.buffer.WriteString("\n")
}

// flush sends what the buffer holds. A reader that does not take it in time
// is let go: it would hold memory for as long as it sleeps.
func (st *stream) flush() error {
	_ = st.control.SetWriteDeadline(time.Now().Add(stuck)) // tests write to no connection
	if _, err := st.buffer.WriteTo(st.out); err != nil {
		return err
	}
	return st.control.Flush()
}
