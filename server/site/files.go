package site

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"unicode/utf8"

	"cnalab/labs"
	"cnalab/server/site/httperror"
)

// Workspace is the learner's files of one lab; package workspaces has the real
// one, which also keeps every path inside its folder, and tells the session of
// each change.
type Workspace interface {
	files
	rewriter
	// Open makes the files where they are missing.
	Open(ctx context.Context) error
	// Dir is where the files are.
	Dir() string
	// Notices returns what was mended since the last call.
	Notices() []string
}

// files reads and writes the workspace's files.
type files interface {
	Tree() ([]string, error)
	Read(path string) (Text, error)
	// Write and Delete return a problem of kind Conflict, and what the file
	// holds now, where its tag is not ifMatch. An empty ifMatch makes a file.
	Write(path, text, ifMatch string) (Text, error)
	Delete(path, ifMatch string) (Text, error)
}

// Text is a file's text with the tag that a write must know.
type Text struct {
	Path string
	Text string
	ETag string
}

func (s *Site) listFiles(w http.ResponseWriter, r *http.Request) error {
	lab, err := s.lab(r)
	if err != nil {
		return err
	}
	paths, err := s.Workspace(lab).Tree()
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, paths)
	return nil
}

func (s *Site) readFile(w http.ResponseWriter, r *http.Request) error {
	lab, err := s.lab(r)
	if err != nil {
		return err
	}
	text, err := s.Workspace(lab).Read(r.PathValue("path"))
	if err != nil {
		return err
	}
	w.Header().Set("ETag", quoted(text.ETag))
	if r.Header.Get("If-None-Match") == quoted(text.ETag) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	writeText(w, http.StatusOK, text)
	return nil
}

func (s *Site) writeFile(w http.ResponseWriter, r *http.Request) error {
	lab, err := s.lab(r)
	if err != nil {
		return err
	}
	tag, err := condition(r)
	if err != nil {
		return err
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return httperror.TooBig(err)
	}
	if !utf8.Valid(body) {
		return &labs.Problem{Kind: labs.BadInput, Say: "What came in is not text, so it was not saved.", Next: "Save it as UTF-8 text."}
	}
	s.Session(lab).Touch()
	text, err := s.Workspace(lab).Write(r.PathValue("path"), string(body), tag)
	return s.written(w, text, err)
}

func (s *Site) deleteFile(w http.ResponseWriter, r *http.Request) error {
	lab, err := s.lab(r)
	if err != nil {
		return err
	}
	tag, err := condition(r)
	if err != nil {
		return err
	}
	s.Session(lab).Touch()
	text, err := s.Workspace(lab).Delete(r.PathValue("path"), tag)
	return s.written(w, text, err)
}

// written answers a write: with the new tag, or with what the file holds now
// where somebody else wrote it first.
func (s *Site) written(w http.ResponseWriter, text Text, err error) error {
	var p *labs.Problem
	if errors.As(err, &p) && p.Kind == labs.Conflict {
		w.Header().Set("ETag", quoted(text.ETag))
		writeText(w, http.StatusPreconditionFailed, text)
		return nil
	}
	if err != nil {
		return err
	}
	w.Header().Set("ETag", quoted(text.ETag))
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// condition is the tag that the asker last saw. Without one a write could
// undo somebody else's in silence, so it must be there.
func condition(r *http.Request) (tag string, err error) {
	if r.Header.Get("If-None-Match") == "*" {
		return "", nil
	}
	if tag := unquoted(r.Header.Get("If-Match")); tag != "" {
		return tag, nil
	}
	return "", httperror.New(&labs.Problem{
		Kind: labs.BadInput,
		Say:  "The request does not say which text of the file it changes.",
		Next: "Send the file's ETag as If-Match, or If-None-Match: * for a new file.",
	}, http.StatusPreconditionRequired)
}

// The workspace's tags may or may not come quoted; on the wire they are.
func quoted(tag string) string {
	if tag == "" || strings.HasPrefix(tag, `"`) {
		return tag
	}
	return `"` + tag + `"`
}

func unquoted(tag string) string { return strings.Trim(strings.TrimPrefix(tag, "W/"), `"`) }

func writeText(w http.ResponseWriter, code int, text Text) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(code)
	_, _ = io.WriteString(w, text.Text)
}
