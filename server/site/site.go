// Package site is the program's HTTP side: pages, forms, files and the stream
// of events, for one learner on this machine. It draws with the components of
// web and asks through small interfaces; it knows nothing of how a sandbox
// runs, how work is checked or where files and progress are kept. It is long
// because all that a page can ask for is a handler here: they share how a lab
// is found and how an answer is given, and little else.
package site

import (
	"context"
	"log/slog"
	"net/http"
	"strconv"
	"sync"
	"time"

	"cnalab/labs"
	"cnalab/server/site/markdown"
	"cnalab/web/assets"
	"cnalab/web/mutants"
	"cnalab/web/page"

	"github.com/a-h/templ"
)

// Config is what a site works with. All must be set but Log and BodyTimeout.
type Config struct {
	Token     string   // the key to every page; see guard.go
	Hosts     []string // names that the server may be asked by, beside the machine's own
	Library   Library
	Session   func(*labs.Lab) Session
	Workspace func(*labs.Lab) Workspace
	Terminals func(*labs.Lab) Terminals
	Progress  Progress
	HandIn    func(context.Context, *labs.Lab) ([]byte, error) // the lab's work as a zip
	Mutants   func(*labs.Lab) ([]mutants.Step, error)          // what became of those that were tried, without the steps' titles
	Assets    *assets.Bundle
	// Gallery draws every component in every state; nil where there is no such
	// page.
	Gallery func(page.Shell) templ.Component
	Log     *slog.Logger
	// BodyTimeout is how long a request's body may take to arrive; 30 s where 0.
	BodyTimeout time.Duration
}

// Library knows the labs.
type Library interface {
	// Labs returns those that can be offered, in order, and a problem about
	// those that cannot.
	Labs() ([]*labs.Lab, error)
}

// Site answers a learner's browser. It keeps nothing of a lab or a learner:
// their session does.
type Site struct {
	Config
	handler http.Handler
	start   string // tells this start of the server from others
	texts   markdown.Renderer
	closing sync.Once
	stopped chan struct{}
}

// New returns a site. It does no I/O.
func New(config Config) *Site {
	if config.Log == nil {
		config.Log = slog.Default()
	}
	if config.BodyTimeout == 0 {
		config.BodyTimeout = bodyTimeout
	}
	s := &Site{Config: config, start: strconv.FormatInt(time.Now().UnixNano(), 36), stopped: make(chan struct{})}
	s.handler = s.inTime(compressed(s.guard(s.routes())))
	return s
}

// ServeHTTP answers one request.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// Server returns an HTTP server for the site with limits that fit a page
// whose events stream for hours.
func (s *Site) Server() *http.Server {
	return &http.Server{
		Handler:           s,
		ReadHeaderTimeout: 5 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          slog.NewLogLogger(s.Log.Handler(), slog.LevelDebug),
	}
}

// Close ends all streams of events and sockets of terminals, so that a server
// can shut down without waiting for open pages.
func (s *Site) Close() {
	s.closing.Do(func() { close(s.stopped) })
}
