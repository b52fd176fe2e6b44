package site_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"cnalab/labs"
	"cnalab/server/site"
)

// call asks the server with the key.
func call(t testing.TB, server *httptest.Server, method, path string, body io.Reader, headers ...string) (*http.Response, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, server.URL+path, body)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+token)
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	answer, err := server.Client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer, string(text)
}

func serve(t testing.TB, h http.Handler) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return server
}

// A link that leads out of the workspace is neither read nor written through.
func TestLinkOut(t *testing.T) {
	r := newRig(t)
	server := serve(t, r)
	if err := r.workspaces.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	secret := filepath.Join(t.TempDir(), "secret.txt")
	if err := os.WriteFile(secret, []byte("the secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(secret, filepath.Join(r.workspaces.Dir(), "link.txt")); err != nil {
		t.Skip("this system makes no links: ", err)
	}
	if err := os.Symlink(filepath.Dir(secret), filepath.Join(r.workspaces.Dir(), "folder")); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"link.txt", "folder/secret.txt"} {
		if answer, text := call(t, server, "GET", "/labs/event-driven/files/"+path, nil); answer.StatusCode < 400 || strings.Contains(text, "the secret") {
			t.Errorf("read through %s: %s %s", path, answer.Status, text)
		}
		for _, condition := range [][]string{{"If-None-Match", "*"}, {"If-Match", `"x"`}} {
			answer, _ := call(t, server, "PUT", "/labs/event-driven/files/"+path, strings.NewReader("mine"), condition...)
			if answer.StatusCode < 400 {
				t.Errorf("wrote through %s: %s", path, answer.Status)
			}
		}
	}
	if now, err := os.ReadFile(secret); err != nil || string(now) != "the secret" {
		t.Errorf("the secret is now %q, %v", now, err)
	}
}

// endless is an upload of one long JSON string that goes on for as long as it
// is read.
type endless struct{ read atomic.Int64 }

func (e *endless) Read(p []byte) (int, error) {
	if e.read.Load() >= 1<<30 {
		return 0, io.EOF
	}
	for i := range p {
		p[i] = 'x'
	}
	if e.read.Load() == 0 {
		p[0] = '"'
	}
	e.read.Add(int64(len(p)))
	return len(p), nil
}

// An upload of a gigabyte is refused after the first megabyte, and its bytes
// are not kept.
func TestHugeUpload(t *testing.T) {
	server := serve(t, newRig(t))
	for _, try := range []struct{ method, path, kind string }{
		{"PUT", "/labs/event-driven/files/big.txt", ""},
		{"POST", "/labs/event-driven/reset", "application/x-www-form-urlencoded"},
		{"POST", "/api/verify", "application/json"},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		upload := &endless{}
		request, err := http.NewRequestWithContext(t.Context(), try.method, server.URL+try.path, io.NopCloser(upload))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+token)
		request.Header.Set("If-None-Match", "*")
		request.Header.Set("Content-Type", try.kind)
		answer, err := server.Client().Do(request)
		if err == nil { // else the server hung up before the whole answer was read, which is as good
			answer.Body.Close()
			if answer.StatusCode != http.StatusRequestEntityTooLarge {
				t.Errorf("%s %s: %s", try.method, try.path, answer.Status)
			}
		}
		runtime.ReadMemStats(&after)
		if grown := after.TotalAlloc - before.TotalAlloc; grown > 64<<20 {
			t.Errorf("%s %s allocated %d MiB", try.method, try.path, grown>>20)
		}
		if upload.read.Load() > 64<<20 {
			t.Errorf("%s %s read %d MiB", try.method, try.path, upload.read.Load()>>20)
		}
	}
}

// Each kind of failure is one sentence and a next step, and never its cause.
func TestFailures(t *testing.T) {
	for name, broken := range map[string]struct {
		site   func(*site.Config)
		status int
		say    string
	}{
		"a cause that nobody foresaw": {func(c *site.Config) { c.Library = library{broken: errors.New("secret cause")} }, 500, "did not foresee"},
		"a panic":                     {func(c *site.Config) { c.Session = nil }, 500, "did not foresee"},
		"no room": {func(c *site.Config) {
			c.Library = library{broken: &labs.Problem{Kind: labs.Machine, Say: "The disk is full.", Next: "Make room."}}
		}, 503, "The disk is full."},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			config := r.Config
			broken.site(&config)
			server := serve(t, site.New(config))
			answer, text := call(t, server, "GET", "/labs/event-driven/steps/1", nil)
			if answer.StatusCode != broken.status || !strings.Contains(text, broken.say) || strings.Contains(text, "secret cause") {
				t.Errorf("%s: %s", answer.Status, text)
			}
			answer, text = call(t, server, "GET", "/labs/event-driven/steps/1", nil, "HX-Request", "true")
			if answer.StatusCode != broken.status || strings.Contains(text, "<html") || !strings.Contains(text, broken.say) {
				t.Errorf("fragment: %s: %s", answer.Status, text)
			}
		})
	}
}

// A broken lab does not hide the others.
func TestBrokenLab(t *testing.T) {
	r := newRig(t)
	r.library.broken = &labs.Problem{Kind: labs.BadInput, Say: "030-kafka cannot be read; the other labs can.", Next: "Run labs check, and mend what it lists.",
		Detail: "030-kafka/lab.yaml:3: a lab has a title. Write one.\n030-kafka/steps: a lab has steps. Write one."}
	server := serve(t, r)
	if answer, text := call(t, server, "GET", "/", nil); answer.StatusCode != 200 || !strings.Contains(text, "Event-driven") || strings.Count(text, "This lab cannot be read. Run labs check") != 1 {
		t.Errorf("catalogue: %s: %s", answer.Status, text)
	}
	if answer, text := call(t, server, "GET", "/labs/kafka", nil); !strings.Contains(text, "030-kafka cannot be read") {
		t.Errorf("the broken lab: %s: %s", answer.Status, text)
	}
}

// Pages travel small, and events as they happen.
func TestPagesAreCompressed(t *testing.T) {
	server := serve(t, newRig(t))
	for path, want := range map[string]string{"/": "gzip", "/labs/event-driven/steps/1": "gzip", "/labs/event-driven/events": ""} {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		request, _ := http.NewRequestWithContext(ctx, "GET", server.URL+path, nil)
		request.Header.Set("Accept-Encoding", "gzip")
		request.Header.Set("Authorization", "Bearer "+token)
		answer, err := server.Client().Do(request)
		if err != nil {
			t.Fatal(err)
		}
		if got := answer.Header.Get("Content-Encoding"); got != want || answer.StatusCode != http.StatusOK {
			t.Errorf("%s: %s, encoded as %q", path, answer.Status, got)
		}
		cancel()
		answer.Body.Close()
	}
}
