package site

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/a-h/templ"

	"cnalab/labs"
	"cnalab/server/sandbox"
	webl "cnalab/web/lab"
)

// watcher tells of changes, and returns what there is to show.
type watcher interface {
	Status() sandbox.Status
	Log(part string, lines int) []sandbox.Line
	// Watch calls changed whenever Status or Run may return something new, and
	// line for each line a part logs, until cancel.
	Watch(changed func(), line func(sandbox.Line)) (cancel func())
}

// Bounds of one stream of events.
const (
	heartbeat = 15 * time.Second
	stuck     = 5 * time.Second // a reader that takes nothing for so long is let go
	backlog   = 512             // lines that wait for a slow reader
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
	if _, err := s.status(r.Context(), lab, step); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no")
	st := &stream{site: s, lab: lab, step: step, out: w, control: http.NewResponseController(w), sent: map[string][]byte{}}
	if err := st.run(r.Context()); err != nil && r.Context().Err() == nil {
		s.Log.Debug("events ended", "lab", lab.ID, "error", err)
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
	sent    map[string][]byte // what the page shows now, by piece
}

func (st *stream) run(ctx context.Context) error {
	changed, lines, files, cancel := st.watch()
	defer cancel()
	hello, _ := json.Marshal(map[string]string{"id": st.site.start}) // strings encode
	st.event("hello", hello)
	if err := st.swap(ctx); err != nil {
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
		case <-changed:
			if err := st.swap(ctx); err != nil {
				return err
			}
		case line, open := <-lines:
			if !open {
				return errSlow
			}
			st.log(line, lines)
		case change := <-files:
			if err := st.file(ctx, change); err != nil {
				return err
			}
		}
	}
}

// log writes the line and those that wait behind it.
func (st *stream) log(line sandbox.Line, more <-chan sandbox.Line) {
	for {
		text, _ := json.Marshal(map[string]any{"part": line.Part, "time": line.Time, "text": line.Text}) // plain values encode
		st.event("log", text)
		select {
		case next, open := <-more:
			if !open {
				return
			}
			line = next
		default:
			return
		}
	}
}

// swap sends each piece of the page that has changed since it was last sent.
func (st *stream) swap(ctx context.Context) error {
	v, err := st.site.status(ctx, st.lab, st.step)
	if err != nil {
		return err
	}
	bar, box := v.resultBar(), v.sandbox()
	pieces := []piece{
		{"stepper", webl.StepperView(v.stepper())}, {"result-bar", webl.ResultBarView(bar)}, {"verdicts", webl.VerdictsView(bar)},
		{"status", webl.StatusView(box)}, {"stages", webl.StagesView(box)}, {"parts", webl.PartsView(box)},
	}
	if st.turned("log", v.partNames()) {
		pieces = append(pieces, piece{"log", webl.LogView(v.log())})
	}
	if why := v.status.Problem; v.status.Phase == sandbox.Closed && why != nil && st.turned("notice", why.Say) {
		pieces = append(pieces, piece{"notice", webl.NoticeView(webl.Notice{At: v.at(), Say: why.Say, Next: why.Next})})
	}
	if st.turned("solution", fmt.Sprint(v.solutionShown())) {
		pieces = append(pieces, piece{"solution", webl.SolutionView(v.solution())})
	}
	return st.send(ctx, pieces...)
}

// turned reports whether what a long piece depends on is not what it was, so
// that the piece is drawn only then.
func (st *stream) turned(id, now string) bool {
	key := id + " depends on"
	before, known := st.sent[key]
	st.sent[key] = []byte(now)
	return !known || string(before) != now
}

// piece is one element of the page, by its id.
type piece struct {
	id   string
	view templ.Component
}

func (st *stream) send(ctx context.Context, pieces ...piece) error {
	for _, p := range pieces {
		var html bytes.Buffer
		if err := p.view.Render(ctx, &html); err != nil {
			return fmt.Errorf("render %s: %w", p.id, err)
		}
		if !bytes.Equal(st.sent[p.id], html.Bytes()) {
			st.sent[p.id] = html.Bytes()
			st.event("swap", html.Bytes())
		}
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
