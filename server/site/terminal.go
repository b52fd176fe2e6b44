package site

import (
	"context"
	"net/http"
	"strconv"

	"cnalab/labs"
	"cnalab/labs/translate"
	"cnalab/server/site/auth"
	"cnalab/server/site/socket"
	"cnalab/web/words"
)

// Terminals are the shells in one lab's workspace; package terminal has the
// real ones.
type Terminals interface {
	// List returns them in the order in which they were opened.
	List() []Terminal
	// Open opens one of the kind.
	Open(ctx context.Context, kind Kind) (Terminal, error)
}

// Kind is where a terminal's shell runs, and how it starts.
type Kind string

// The kinds of shells.
const (
	Own    Kind = ""       // the person's own, with its start-up
	Plain  Kind = "plain"  // one that starts at once
	Inside Kind = "inside" // one inside the sandbox
)

// Terminal is one shell, which goes on while no page looks at it.
type Terminal interface {
	socket.Terminal
	ID() string
	// Addresses reports whether it was told the sandbox's addresses.
	Addresses() bool
	// Inside reports whether it runs inside the sandbox.
	Inside() bool
	// Attach shows it to a page that has seen it up to the place, or with all
	// that is kept of it where that is negative.
	Attach(seen int64) Screen
	// Close ends it with all that it started.
	Close()
}

// Screen is a page's look at a terminal.
type Screen = socket.Screen

// shell is what a page is told of a terminal.
type shell struct {
	ID        string `json:"id"`
	Addresses bool   `json:"addresses"` // it has those that there are in this lab
	Inside    bool   `json:"inside"`    // it runs inside the sandbox
}

func shellOf(lab *labs.Lab, t Terminal) shell {
	none := len(lab.Parts) == 0
	return shell{t.ID(), none || t.Addresses(), t.Inside()}
}

func (s *Site) listTerminals(w http.ResponseWriter, r *http.Request) error {
	lab, err := s.lab(r)
	if err != nil {
		return err
	}
	all := []shell{}
	for _, t := range s.Terminals(lab).List() {
		all = append(all, shellOf(lab, t))
	}
	writeJSON(w, http.StatusOK, all)
	return nil
}

// openTerminal opens a shell in the workspace, which is made where it is
// missing; kind says which.
func (s *Site) openTerminal(w http.ResponseWriter, r *http.Request) error {
	lab, err := s.lab(r)
	if err != nil {
		return err
	}
	kind := Kind(r.URL.Query().Get("kind"))
	if kind != Own && kind != Plain && kind != Inside {
		return &labs.Problem{Kind: labs.BadInput, Say: "There is no such kind of terminal.", Next: "Open one with the buttons above the terminals."}
	}
	if err := s.Workspace(lab).Open(r.Context()); err != nil {
		return err
	}
	s.Session(lab).Touch()
	t, err := s.Terminals(lab).Open(r.Context(), kind)
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusCreated, shellOf(lab, t))
	return nil
}

// socket connects a page with a terminal.
func (s *Site) socket(w http.ResponseWriter, r *http.Request) error {
	if err := auth.CheckOrigin(r); err != nil {
		return err
	}
	lab, t, err := s.terminal(r)
	if err != nil {
		return err
	}
	seen, err := strconv.ParseInt(r.URL.Query().Get("seen"), 10, 64)
	if err != nil {
		seen = -1
	}
	connection, err := socket.Accept(w, r)
	if err != nil {
		s.Log.Debug("open terminal", "err", err)
		return nil // it has been answered
	}
	language := words.Language(r.Context())
	connection.Translate = func(english string) string { return translate.In(language, english) }
	screen := t.Attach(seen)
	defer screen.Close()
	connection.Serve(r.Context(), t, screen, func() { s.Session(lab).Touch() }, s.stopped)
	return nil
}

func (s *Site) closeTerminal(w http.ResponseWriter, r *http.Request) error {
	_, t, err := s.terminal(r)
	if err != nil {
		return err
	}
	t.Close()
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// terminal returns the shell that the address names.
func (s *Site) terminal(r *http.Request) (*labs.Lab, Terminal, error) {
	lab, err := s.lab(r)
	if err != nil {
		return nil, nil, err
	}
	for _, t := range s.Terminals(lab).List() {
		if t.ID() == r.PathValue("id") {
			return lab, t, nil
		}
	}
	return nil, nil, &labs.Problem{
		Kind: labs.NotFound,
		Say:  "This terminal has ended.",
		Next: "Open another.",
	}
}
