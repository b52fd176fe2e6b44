package site

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"runtime/debug"
	"strings"

	"cnalab/labs"
	"cnalab/labs/translate"
	"cnalab/server/site/httperror"
	"cnalab/web/problem"
	"cnalab/web/words"
)

// handle turns a handler that may fail into one of net/http's. Whatever it
// returns is written here and nowhere else.
func (s *Site) handle(h func(http.ResponseWriter, *http.Request) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := h(w, r); err != nil {
			s.fail(w, r, err)
		}
	})
}

// shape is the shape of an answer that the asker can use.
type shape int

const (
	wholePage shape = iota
	fragment        // htmx puts it into the page
	data            // JSON, for programs
	sentence        // plain text, for what works with files
)

// form reads off the request which shape its answer must have.
func form(r *http.Request) shape {
	switch {
	case r.Header.Get("HX-Request") == "true":
		return fragment
	case strings.HasPrefix(r.URL.Path, "/api/"), strings.HasPrefix(r.Header.Get("Accept"), "application/json"):
		return data
	case filesPath(r.URL.Path), strings.HasPrefix(r.Header.Get("Accept"), "text/event-stream"), r.Header.Get("Upgrade") != "":
		return sentence
	}
	return wholePage
}

func filesPath(path string) bool {
	parts := strings.Split(path, "/")
	return len(parts) > 3 && parts[1] == "labs" && parts[3] == "files"
}

func (s *Site) fail(w http.ResponseWriter, r *http.Request, err error) {
	err = httperror.TooBig(err)
	p, code := labs.AsProblem(err), httperror.Status(err)
	switch {
	case code == http.StatusRequestTimeout:
		r = r.WithContext(context.WithoutCancel(r.Context())) // who is slow is there yet
	case r.Context().Err() != nil:
		return // the asker has left
	}
	level := s.Log.Info
	if code >= 500 {
		level = s.Log.Error
	}
	level("request failed", "method", r.Method, "path", r.URL.Path, "status", code, "err", err)
	s.writeProblem(w, r, code, p)
}

func (s *Site) writeProblem(w http.ResponseWriter, r *http.Request, code int, p *labs.Problem) {
	language := words.Language(r.Context())
	shown := problem.Problem{Say: translate.In(language, p.Say), Next: translate.In(language, p.Next), Detail: p.Detail}
	switch form(r) {
	case data:
		writeJSON(w, code, map[string]string{"say": shown.Say, "next": shown.Next, "detail": shown.Detail})
	case sentence:
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.WriteHeader(code)
		_, _ = io.WriteString(w, shown.Say+" "+shown.Next) // the asker has left if this fails
	case fragment:
		s.render(w, r, code, problem.Fragment(shown))
	default:
		page := problem.Page{Shell: s.shell(r, "", ""), Status: code, Problem: shown}
		s.render(w, r, code, problem.View(page))
	}
}

func writeJSON(w http.ResponseWriter, code int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(v) // the asker has left if this fails
}

// recovered turns a panic into the error page. A stream that is cut off with
// http.ErrAbortHandler stays cut off.
func (s *Site) recovered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			switch cause := recover(); cause {
			case nil:
			case http.ErrAbortHandler:
				panic(cause)
			default:
				s.Log.Error("panic", "path", r.URL.Path, "cause", cause, "stack", string(debug.Stack()))
				s.fail(w, r, fmt.Errorf("panic: %v", cause))
			}
		}()
		next.ServeHTTP(w, r)
	})
}
