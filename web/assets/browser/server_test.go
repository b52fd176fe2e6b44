package browser

import (
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/a-h/templ"

	"cnalab/fixtures/require"
	"cnalab/web/assets"
	"cnalab/web/catalogue"
	"cnalab/web/gallery"
	"cnalab/web/lab"
	"cnalab/web/page"
	"cnalab/web/problem"
	"cnalab/web/words"
)

const (
	labPath = "/labs/event-driven"
	policy  = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)

// server keeps the pages' side of the contract with made-up labs and files.
type server struct {
	*httptest.Server
	bundle *assets.Bundle

	mu     sync.Mutex
	files  map[string]string
	away   bool          // answer nothing, as a server that is gone
	mute   bool          // take connections and say nothing on them, as one that hangs
	beat   time.Duration // between two signs of life of a stream
	hold   bool          // let a check run until it is cancelled
	full   string        // why it takes no file; it does where it is empty
	asked  chan struct{} // where it is not nil, the page's next answer tells so and waits for answer
	answer chan struct{}
	slow   map[string]time.Duration
	events map[chan string]bool
}

func serve(t *testing.T) *server {
	t.Helper()
	bundle, err := assets.Open(os.DirFS("../dist"))
	if err != nil {
		require.Missing(t, "browser", "the pages are not built: "+err.Error())
	}
	s := &server{bundle: bundle, beat: time.Minute, events: map[chan string]bool{}, slow: map[string]time.Duration{}, files: map[string]string{
		consumer: "package main\n", "product/schema.sql": "select 1;\n", "order/outbox.go": "package main\n",
	}}
	s.Server = httptest.NewServer(s.routes())
	t.Cleanup(func() {
		s.CloseClientConnections()
		s.Close()
	})
	return s
}

func (s *server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+assets.Prefix, func(w http.ResponseWriter, r *http.Request) { s.bundle.Serve(w, r) })
	mux.HandleFunc("GET "+labPath+"/steps/3", func(w http.ResponseWriter, r *http.Request) {
		whole := s.lab(r)
		s.mu.Lock()
		asked, answer := s.asked, s.answer
		s.asked = nil
		s.mu.Unlock()
		if asked != nil {
			close(asked)
			<-answer
		}
		s.draw(w, r, lab.View(whole))
	})
	mux.HandleFunc("POST "+labPath+"/steps/3/check", s.check)
	mux.HandleFunc("POST "+labPath+"/cancel", func(w http.ResponseWriter, r *http.Request) {
		resultBar := s.lab(r).ResultBar
		resultBar.Verdict, resultBar.Cancelled = lab.Unchecked, true
		s.draw(w, r, lab.ResultBarView(resultBar))
	})
	mux.HandleFunc("POST "+labPath+"/steps/3/solution", func(w http.ResponseWriter, r *http.Request) {
		s.draw(w, r, lab.SolutionView(lab.Solution{At: s.lab(r).Stepper.At, Shown: true, Typed: "go run ./topic"}))
	})
	mux.HandleFunc("GET "+labPath+"/events", s.stream)
	mux.HandleFunc(labPath+"/files/{path...}", s.file)
	mux.HandleFunc("GET /gallery", func(w http.ResponseWriter, r *http.Request) {
		s.draw(w, r, gallery.View(gallery.Page{Shell: s.shell(r)}))
	})
	mux.HandleFunc("GET /problem", func(w http.ResponseWriter, r *http.Request) {
		s.draw(w, r, problem.View(problem.Page{Shell: s.shell(r), Status: 404, Problem: problem.Problem{Say: "There is no such lab."}}))
	})
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		s.draw(w, r, catalogue.View(catalogue.Page{Shell: s.shell(r), Labs: gallery.Labs()}))
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.gone() {
			panic(http.ErrAbortHandler)
		}
		w.Header().Set("Content-Security-Policy", policy)
		mux.ServeHTTP(w, r.WithContext(words.With(r.Context(), r.URL.Query().Get("lang"))))
	})
}

func (s *server) gone() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.away
}

func (s *server) silent() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.mute
}

// hang makes the server say nothing on its connections, or go on.
func (s *server) hang(mute bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mute = mute
}

// streams is how many pages listen.
func (s *server) streams() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.events)
}

// leave makes the server vanish, or come back.
func (s *server) leave(away bool) {
	s.mu.Lock()
	s.away = away
	s.mu.Unlock()
	if away {
		s.CloseClientConnections()
	}
}

// refuse makes the server take no file, and say why; an empty why takes it back.
func (s *server) refuse(why string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.full = why
}

// holdPage makes the next answer with the page wait for answer; asked tells that
// it does.
func (s *server) holdPage() (asked, answer chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked, s.answer = make(chan struct{}), make(chan struct{})
	return s.asked, s.answer
}

func (s *server) draw(w http.ResponseWriter, r *http.Request, components ...templ.Component) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	for _, c := range components {
		_ = c.Render(r.Context(), w) // the browser has left if this fails
	}
}

func (s *server) shell(r *http.Request) page.Shell {
	return page.Shell{Title: "Test", Path: r.URL.Path, Theme: r.URL.Query().Get("theme"), Style: s.bundle.Style, Script: s.bundle.Script}
}

func (s *server) lab(r *http.Request) lab.Page {
	p := gallery.Whole(s.shell(r))
	s.mu.Lock()
	defer s.mu.Unlock()
	p.Workbench.Files.Paths = nil
	for path := range s.files {
		p.Workbench.Files.Paths = append(p.Workbench.Files.Paths, path)
	}
	return p
}

// check answers at once, and passes the step a little later, as an event.
func (s *server) check(w http.ResponseWriter, r *http.Request) {
	resultBar := s.lab(r).ResultBar
	for i := range resultBar.Checks {
		resultBar.Checks[i] = lab.Check{Title: resultBar.Checks[i].Title, Verdict: lab.Passed}
	}
	passed := resultBar
	passed.Verdict, resultBar.Verdict = lab.Passed, lab.Checking
	var later strings.Builder
	_ = lab.ResultBarView(passed).Render(r.Context(), &later)
	s.draw(w, r, lab.ResultBarView(resultBar), lab.VerdictsView(resultBar))
	if s.hold {
		return
	}
	time.AfterFunc(300*time.Millisecond, func() { s.send("swap", later.String()) })
}

func (s *server) send(event, data string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for out := range s.events {
		out <- "event: " + event + "\ndata: " + strings.ReplaceAll(data, "\n", "\ndata: ") + "\n\n"
	}
}

func (s *server) stream(w http.ResponseWriter, r *http.Request) {
	out := make(chan string, 64)
	s.mu.Lock()
	s.events[out] = true
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.events, out)
	}()
	w.Header().Set("Content-Type", "text/event-stream")
	out <- fmt.Sprintf("event: hello\ndata: {\"id\":\"1\",\"beat\":%d}\n\n", s.beat.Milliseconds())
	beat := time.NewTicker(s.beat)
	defer beat.Stop()
	for {
		select {
		case <-beat.C:
			s.send("beat", "")
		case text := <-out:
			for s.silent() && r.Context().Err() == nil {
				time.Sleep(10 * time.Millisecond)
			}
			_, _ = io.WriteString(w, text)
			_ = http.NewResponseController(w).Flush()
		case <-r.Context().Done():
			return
		}
	}
}

func (s *server) file(w http.ResponseWriter, r *http.Request) {
	path := r.PathValue("path")
	time.Sleep(s.slow[path])
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	defer s.mu.Unlock()
	text, there := s.files[path]
	match := r.Header.Get("If-Match")
	switch {
	case r.Method == http.MethodPut && s.full != "":
		http.Error(w, s.full, http.StatusInsufficientStorage)
	case r.Method == http.MethodGet && !there:
		http.Error(w, "There is no such file.", http.StatusNotFound)
	case r.Method == http.MethodGet && r.Header.Get("If-None-Match") == tag(text):
		w.WriteHeader(http.StatusNotModified)
	case r.Method == http.MethodGet:
		w.Header().Set("ETag", tag(text))
		_, _ = io.WriteString(w, text)
	case there != (match != "") || there && match != tag(text):
		w.Header().Set("ETag", tag(text))
		w.WriteHeader(http.StatusPreconditionFailed)
		_, _ = io.WriteString(w, text)
	default:
		s.files[path] = string(body)
		w.Header().Set("ETag", tag(string(body)))
		w.WriteHeader(http.StatusNoContent)
	}
}

// write changes a file behind the page's back, and tells the page.
func (s *server) write(path, text string) {
	s.mu.Lock()
	s.files[path] = text
	s.mu.Unlock()
	s.send("file", fmt.Sprintf(`{"path":%q,"etag":%q}`, path, tag(text)))
}

func (s *server) read(path string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.files[path]
}

func (s *server) paths() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []string
	for path := range s.files {
		all = append(all, path)
	}
	slices.Sort(all)
	return all
}

func tag(text string) string { return fmt.Sprintf(`"%x"`, sha256.Sum256([]byte(text))) }
