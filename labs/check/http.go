package check

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"cnalab/labs"
	"cnalab/labs/loopback"
)

const (
	answering = 10 * time.Second // how long a service may take to answer
	greeting  = 2 * time.Second  // how long one that answers at all may take for GET /
	tailLines = 40               // lines of a service's log below a finding
)

// Service speaks HTTP with one of the lab's services.
type Service struct {
	c      *C
	name   string
	base   string
	client *http.Client
}

// Service returns the client of the named service. Where the service does not
// build or has crashed, the check ends as could not check with its lines.
func (c *C) Service(name string) *Service {
	c.Helper()
	base := os.Getenv(labs.EnvService(name))
	if base == "" {
		c.CouldNotCheck(Finding{
			Say:  "There is no service " + name + " to ask.",
			Next: "Open the lab's sandbox, then check again.",
		})
	}
	c.Alive(name)
	return &Service{c: c, name: name, base: strings.TrimSuffix(base, "/"), client: c.client(base)}
}

// At speaks with another process of the service, which the check has started
// and which listens there.
func (s *Service) At(base string) *Service {
	other := *s
	other.base = base
	return &other
}

// Answer is what a service answered.
type Answer struct {
	Status int
	Body   []byte

	service *Service
	request string // "POST /orders"
}

// Get asks for a path.
func (s *Service) Get(path string) *Answer { s.c.Helper(); return s.ask(http.MethodGet, path, nil) }

// Post sends body as JSON.
func (s *Service) Post(path string, body any) *Answer {
	s.c.Helper()
	return s.ask(http.MethodPost, path, body)
}

// Put sends body as JSON.
func (s *Service) Put(path string, body any) *Answer {
	s.c.Helper()
	return s.ask(http.MethodPut, path, body)
}

// ask ends the check where the service does not answer: as not yet where it
// answers other requests, so that this one's handler is at fault, and else as
// could not check.
func (s *Service) ask(method, path string, body any) *Answer {
	s.c.Helper()
	ctx, cancel := context.WithTimeout(s.c.Context, answering)
	defer cancel()
	answer, err := s.Try(ctx, method, path, body, nil)
	if err != nil {
		s.c.Alive(s.name) // its own crash says more than a lost connection
		silent := Finding{
			Say:    fmt.Sprintf("The service %s did not answer %s %s.", s.name, method, path),
			Next:   "Read its log: it may have panicked, or wait for something without a deadline.",
			Output: err.Error() + "\n" + s.c.LogSince(s.name),
		}
		if s.answers() {
			s.c.NotYet(silent)
		}
		s.c.CouldNotCheck(silent)
	}
	return answer
}

// answers tells whether the service answers a request that asks nothing of it.
func (s *Service) answers() bool {
	ctx, cancel := context.WithTimeout(s.c.Context, greeting)
	defer cancel()
	_, err := s.Try(ctx, http.MethodGet, "/", nil, nil)
	return err == nil
}

// Try makes one request and returns its error, for a check that has broken a
// part and expects trouble. It may be called from any goroutine.
func (s *Service) Try(ctx context.Context, method, path string, body any, header map[string]string) (*Answer, error) {
	text, err := json.Marshal(body)
	if err != nil {
		return nil, fmt.Errorf("encode body: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, method, s.base+path, bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("make request: %w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	for key, value := range header {
		req.Header.Set(key, value)
	}
	resp, err := s.client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("ask %s: %w", s.name, err)
	}
	defer resp.Body.Close()
	answer := &Answer{Status: resp.StatusCode, service: s, request: method + " " + path}
	if answer.Body, err = io.ReadAll(io.LimitReader(resp.Body, 4<<20)); err != nil {
		return nil, fmt.Errorf("read the answer of %s: %w", s.name, err)
	}
	return answer, nil
}

// Want ends the check as not yet where the status is none of these.
func (a *Answer) Want(status ...int) *Answer {
	c := a.service.c
	c.Helper()
	for _, wanted := range status {
		if a.Status == wanted {
			return a
		}
	}
	c.NotYet(Finding{
		Say:    fmt.Sprintf("%s of %s has another status than the step asks for.", a.request, a.service.name),
		Got:    strings.TrimSpace(fmt.Sprintf("%d %.200s", a.Status, a.Body)),
		Want:   strings.Trim(fmt.Sprint(status), "[]"),
		Next:   "Read the log of " + a.service.name + ".",
		Output: c.LogSince(a.service.name),
	})
	return nil
}

// JSON decodes the body into out, and ends the check as not yet where it
// cannot.
func (a *Answer) JSON(out any) {
	c := a.service.c
	c.Helper()
	if err := json.Unmarshal(a.Body, out); err != nil {
		c.NotYet(Finding{
			Say:    fmt.Sprintf("%s of %s answers with a body that the check cannot read.", a.request, a.service.name),
			Got:    fmt.Sprintf("%.200s", a.Body),
			Want:   "JSON, as the step shows it",
			Next:   "Look at what the handler writes for this answer.",
			Output: err.Error(),
		})
	}
}

// FreeAddress returns a HOST:PORT on loopback that nobody listens on, for a
// program of the check's own. No other check and no sandbox is given it before
// this one has ended.
func (c *C) FreeAddress() string {
	c.Helper()
	address, release, err := loopback.Reserve()
	c.Must(err, "The check found no free port on loopback.")
	c.Cleanup(release)
	return address
}
