package check_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"cnalab/labs"
	"cnalab/labs/check"
	"cnalab/labs/check/checktest"
)

func init() {
	checktest.Subjects["http: posts"] = func(c *check.C) {
		var out struct{ ID string }
		c.Service("order").Post("/orders", map[string]int{"quantity": 2}).Want(http.StatusCreated).JSON(&out)
		if out.ID != "41" {
			c.NotYet(check.Finding{Say: "Another id.", Got: out.ID})
		}
	}
}

// A proxy that the machine names is not asked for what is in the sandbox.
func TestServiceIsReachedPastAProxy(t *testing.T) {
	newStage(t, part{Name: "order", State: "running"})
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusCreated)
		io.WriteString(w, `{"id":"41"}`)
	}))
	defer service.Close()
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"} {
		t.Setenv(name, "http://127.0.0.1:1")
	}
	t.Setenv(labs.EnvService("order"), service.URL)
	if got := checktest.Result(t, "http: posts"); got.Verdict != labs.Passed {
		t.Errorf("got %+v", got)
	}
}

func TestServiceVerdicts(t *testing.T) {
	tests := map[string]struct {
		answer http.HandlerFunc
		want   labs.Verdict
		say    string
		got    string
	}{
		"as asked": {
			answer: func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				if r.Method != http.MethodPost || r.URL.Path != "/orders" || string(body) != `{"quantity":2}` {
					w.WriteHeader(http.StatusBadRequest)
					return
				}
				w.WriteHeader(http.StatusCreated)
				io.WriteString(w, `{"id":"41"}`)
			},
			want: labs.Passed,
		},
		"another status": {
			answer: func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no such page", http.StatusNotFound) },
			want:   labs.NotYet, say: "another status", got: "404 no such page",
		},
		"no JSON": {
			answer: func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(http.StatusCreated)
				io.WriteString(w, "41")
			},
			want: labs.NotYet, say: "cannot read", got: "41",
		},
		"a handler that panics": {
			answer: func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path != "/" {
					panic(http.ErrAbortHandler)
				}
			},
			want: labs.NotYet, say: "did not answer POST /orders",
		},
		"a service that answers nothing": {
			answer: func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
			want:   labs.CouldNotCheck, say: "did not answer POST /orders",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			newStage(t, part{Name: "order", State: "running"})
			server := httptest.NewServer(test.answer)
			defer server.Close()
			t.Setenv(labs.EnvService("order"), server.URL)
			got := checktest.Result(t, "http: posts")
			if got.Verdict != test.want || !strings.Contains(got.Say, test.say) || got.Got != test.got {
				t.Errorf("got %+v", got)
			}
			if got.Verdict != labs.Passed && test.say != "cannot read" && (!strings.HasSuffix(got.Output, "last line") || strings.Contains(got.Output, "first line")) {
				t.Errorf("the log is not shown: %q", got.Output)
			}
		})
	}
}

func TestServiceThatDoesNotBuildCannotBeChecked(t *testing.T) {
	newStage(t, part{Name: "order", State: "does not build", Say: "Order does not build.", Detail: "main.go:3"})
	t.Setenv(labs.EnvService("order"), "http://127.0.0.1:1")
	got := checktest.Result(t, "http: posts")
	if got.Verdict != labs.CouldNotCheck || got.Say != "Order does not build." || got.Output != "main.go:3" {
		t.Errorf("got %+v", got)
	}
}

func TestServiceThatIsNotThereCannotBeChecked(t *testing.T) {
	newStage(t, part{Name: "order", State: "running"})
	if got := checktest.Result(t, "http: posts"); got.Verdict != labs.CouldNotCheck || got.Say != "There is no service order to ask." {
		t.Errorf("got %+v", got)
	}
}

func TestTrySendsHeadersAndReturnsErrors(t *testing.T) {
	newStage(t, part{Name: "order", State: "running"})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, r.Header.Get("traceparent"))
	}))
	t.Setenv(labs.EnvService("order"), server.URL)
	order := check.New(t).Service("order")
	header := map[string]string{"traceparent": "00-1-2-01"}
	answer, err := order.Try(context.Background(), http.MethodGet, "/", nil, header)
	if err != nil || string(answer.Body) != "00-1-2-01" {
		t.Errorf("got %+v, %v", answer, err)
	}
	server.Close()
	if answer, err := order.Try(context.Background(), http.MethodGet, "/", nil, nil); err == nil {
		t.Errorf("a closed server answered %+v", answer)
	}
}
