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
	"cnalab/server/site/files"
	"cnalab/server/site/httperror"
	"cnalab/server/site/labpage"
	"cnalab/server/site/sse"
)

// watcher says what happens, and how it is now.
type watcher interface {
	Status() sandbox.Status
	Log(part string, lines int) []sandbox.Line
	// Subscribe collects what happens of the topics from now on, until cancel.
	Subscribe(topics ...event.Topic) (events *event.Subscription, cancel func())
}

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
		return httperror.NoPage()
	}
	if _, err := s.Session(lab).ReadStanding(r.Context()); err != nil {
		return err
	}
	st := &stream{site: s, lab: lab, step: step, page: sse.New(w), keys: map[string]string{}, sent: map[string][]byte{}}
	if err := st.run(r.Context()); err != nil && r.Context().Err() == nil {
		s.Log.Debug("stream events", "lab", lab.ID, "err", err)
	}
	return nil
}

// stream is one page's connection.
type stream struct {
	site *Site
	lab  *labs.Lab
	step *labs.Step
	page *sse.Stream
	keys map[string]string // what each long piece was drawn from
	sent map[string][]byte // what the page shows now, by piece
}

func (st *stream) run(ctx context.Context) error {
	happens, cancel := st.site.Session(st.lab).Subscribe(event.All()...)
	defer cancel()
	hello, _ := json.Marshal(map[string]any{"id": st.site.start, "beat": sse.Heartbeat.Milliseconds()}) // plain values encode
	st.page.Event("hello", hello)
	if err := st.draw(ctx, event.Of(labpage.Topics...)); err != nil {
		return err
	}
	beat := time.NewTicker(sse.Heartbeat)
	defer beat.Stop()
	for {
		if err := st.page.Flush(); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-st.site.stopped:
			return nil
		case <-beat.C:
			st.page.Beat()
		case <-happens.Ready:
			if err := st.forward(ctx, happens.Take()); err != nil {
				return err
			}
		}
	}
}

// forward sends what has happened: the pieces that it changes first, so that the
// page knows the files that it is told of.
func (st *stream) forward(ctx context.Context, what event.Changes) error {
	if what.Lost {
		return errSlow
	}
	if err := st.draw(ctx, what); err != nil {
		return err
	}
	for path, tag := range what.Files {
		text, _ := json.Marshal(map[string]string{"path": path, "etag": files.Quoted(tag)}) // strings encode
		st.page.Event("file", text)
	}
	for _, line := range what.Lines {
		text, _ := json.Marshal(map[string]any{"part": line.Part, "time": line.Time, "text": line.Text}) // plain values encode
		st.page.Event("log", text)
	}
	return nil
}

// draw sends each piece that depends on what has happened, where it looks
// otherwise than when it was last sent.
func (st *stream) draw(ctx context.Context, what event.Changes) error {
	var v *labpage.View
	for _, p := range labpage.Pieces {
		if !what.Has(p.On...) {
			continue
		}
		if v == nil {
			var err error
			if v, err = st.site.view(ctx, st.lab, st.step); err != nil {
				return err
			}
		}
		if err := st.send(ctx, p, v); err != nil {
			return err
		}
	}
	return nil
}

func (st *stream) send(ctx context.Context, p labpage.Piece, v *labpage.View) error {
	if p.Key != nil {
		before, drawn := st.keys[p.Name]
		now := p.Key(v)
		if st.keys[p.Name] = now; drawn && before == now {
			return nil
		}
	}
	component := p.Draw(v)
	if component == nil {
		return nil
	}
	st.site.Log.Debug("draw", "lab", st.lab.ID, "piece", p.Name)
	var html bytes.Buffer
	if err := component.Render(ctx, &html); err != nil {
		return fmt.Errorf("render %s: %w", p.Name, err)
	}
	if !bytes.Equal(st.sent[p.Name], html.Bytes()) {
		st.sent[p.Name] = html.Bytes()
		st.page.Event("swap", html.Bytes())
	}
	return nil
}
