// Package files is the learner's files over HTTP: listed, read, written and
// downloaded, each write with the tag of the text that it changes.
// It knows nothing of what is done with them.
package files

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"unicode/utf8"

	"cnalab/labs"
	"cnalab/server/site/httperror"
)

// Workspace reads and writes the learner's files of one lab.
type Workspace interface {
	Tree() ([]string, error)
	Read(path string) (Text, error)
	// Write returns a problem of kind Conflict, and what the file holds now,
	// where its tag is not ifMatch. An empty ifMatch makes a file.
	Write(path, text, ifMatch string) (Text, error)
	// Open makes the files where they are missing.
	Open(ctx context.Context) error
	// Dir is where the files are.
	Dir() string
}

// Text is a file's text with the tag that a write must know.
type Text struct {
	Path string
	Text string
	ETag string
}

// Lab is a lab's files.
type Lab struct {
	ID        string
	Workspace Workspace
	Touch     func() // tells that the learner is at work
}

// API answers for the files of all labs.
type API struct {
	Lab func(*http.Request) (Lab, error) // the one that the address names
	Log *slog.Logger
}

// List answers with the paths of all files.
func (a API) List(w http.ResponseWriter, r *http.Request) error {
	lab, err := a.Lab(r)
	if err != nil {
		return err
	}
	paths, err := lab.Workspace.Tree()
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(w).Encode(paths) // the asker has left if this fails
	return nil
}

// Read answers with a file.
func (a API) Read(w http.ResponseWriter, r *http.Request) error {
	lab, err := a.Lab(r)
	if err != nil {
		return err
	}
	text, err := lab.Workspace.Read(r.PathValue("path"))
	if err != nil {
		return err
	}
	w.Header().Set("ETag", Quoted(text.ETag))
	if r.Header.Get("If-None-Match") == Quoted(text.ETag) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	writeText(w, http.StatusOK, text)
	return nil
}

// Write makes or changes a file.
func (a API) Write(w http.ResponseWriter, r *http.Request) error {
	lab, err := a.Lab(r)
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
	lab.Touch()
	text, err := lab.Workspace.Write(r.PathValue("path"), string(body), tag)
	return written(w, text, err)
}

// written answers a write: with the new tag, or with what the file holds now
// where somebody else wrote it first.
func written(w http.ResponseWriter, text Text, err error) error {
	var p *labs.Problem
	if errors.As(err, &p) && p.Kind == labs.Conflict {
		w.Header().Set("ETag", Quoted(text.ETag))
		writeText(w, http.StatusPreconditionFailed, text)
		return nil
	}
	if err != nil {
		return err
	}
	w.Header().Set("ETag", Quoted(text.ETag))
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

// Quoted is a tag as HTTP has it; the workspace's may or may not come quoted.
func Quoted(tag string) string {
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
