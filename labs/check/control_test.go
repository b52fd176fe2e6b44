package check_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cnalab/labs"
	"cnalab/labs/check"
	"cnalab/labs/check/checktest"
)

// part and line are what the control server says of a part and of its log.
type (
	part struct{ Name, State, Say, Detail string }
	line struct {
		Time time.Time
		Text string
	}
)

// stage is a sandbox in which nothing runs: it notes what it is asked to do.
type stage struct {
	mu      sync.Mutex
	asked   []string
	parts   []part
	refuses string // the path that is answered with an error
}

// newStage points the checks of this test, and its subjects, at a stage.
func newStage(t *testing.T, parts ...part) *stage {
	t.Helper()
	s := &stage{parts: parts}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	t.Setenv(labs.EnvControl, strings.Replace(server.URL, "http://", "http://secret@", 1))
	return s
}

func (s *stage) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case r.Header.Get("Authorization") != "Bearer secret":
		w.WriteHeader(http.StatusUnauthorized)
	case r.URL.Path == s.refuses:
		w.WriteHeader(http.StatusInternalServerError)
		json.NewEncoder(w).Encode(map[string]string{"say": "It is broken.", "next": "Wait."})
	case r.URL.Path == "/parts":
		json.NewEncoder(w).Encode(s.parts)
	case r.URL.Path == "/log":
		json.NewEncoder(w).Encode([]line{{Text: "first line"}, {Time: time.Now(), Text: "last line"}})
	default:
		s.asked = append(s.asked, strings.TrimSpace(r.URL.Path+" "+r.FormValue("part")+" "+
			r.FormValue("kind")+" "+r.FormValue("delay")))
	}
}

// refuse has the stage fail whatever is asked at the path.
func (s *stage) refuse(path string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refuses = path
}

func (s *stage) saw() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked
}

func TestLogIsTheTail(t *testing.T) {
	newStage(t)
	if got := check.New(t).Log("order", 2); got != "first line\nlast line" {
		t.Errorf("got %q", got)
	}
	t.Setenv(labs.EnvControl, "")
	if got := check.New(t).Log("order", 2); got != "" {
		t.Errorf("without a sandbox: got %q", got)
	}
}

func init() {
	checktest.Subjects["control: alive"] = func(c *check.C) { c.Alive("order", "product") }
}

func TestAlive(t *testing.T) {
	tests := map[string]struct {
		parts []part
		want  check.Result
	}{
		"all run": {
			[]part{{Name: "order", State: "running"}, {Name: "product", State: "stopped"}},
			check.Result{Verdict: labs.Passed},
		},
		"one does not build": {
			[]part{{Name: "order", State: "running"}, {Name: "product", State: "does not build", Detail: "x.go:1: undefined"}},
			check.Result{
				Verdict: labs.CouldNotCheck, Say: "The service product is down: does not build.",
				Next: "Mend product first, then check again.", Output: "x.go:1: undefined",
			},
		},
		"one has crashed": {
			[]part{{Name: "order", State: "crashed", Say: "Order ended with status 2."}},
			check.Result{
				Verdict: labs.CouldNotCheck, Say: "Order ended with status 2.",
				Next: "Mend order first, then check again.", Output: "first line\nlast line",
			},
		},
		"one is unknown": {
			[]part{{Name: "order", State: "running"}},
			check.Result{
				Verdict: labs.CouldNotCheck, Say: "The sandbox did not say how product is.",
				Output: "the sandbox has no part named product",
			},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			newStage(t, test.parts...)
			if diff := cmp.Diff(test.want, checktest.Result(t, "control: alive")); diff != "" {
				t.Error(diff)
			}
		})
	}
}
