package site_test

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cnalab/labs"
	"cnalab/server/sandbox"
	"cnalab/server/session/event"
)

// reader is a page that listens.
type reader struct {
	*testing.T
	events chan message
	leave  context.CancelFunc
}

// message is one event of a stream.
type message struct{ name, data string }

func listen(t *testing.T, server *httptest.Server, path string) *reader {
	t.Helper()
	ctx, leave := context.WithCancel(t.Context())
	t.Cleanup(leave)
	request, err := http.NewRequestWithContext(ctx, "GET", server.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+token)
	answer, err := server.Client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	if kind := answer.Header.Get("Content-Type"); answer.StatusCode != 200 || kind != "text/event-stream" {
		t.Fatalf("%s, %s", answer.Status, kind)
	}
	r := &reader{T: t, events: make(chan message, 10000), leave: leave}
	go func() {
		defer answer.Body.Close()
		defer close(r.events)
		var now message
		for lines := bufio.NewScanner(answer.Body); lines.Scan(); {
			name, value, _ := strings.Cut(lines.Text(), ": ")
			switch name {
			case "event":
				now = message{name: value}
			case "data":
				now.data += value + "\n"
			case "":
				r.events <- now
			}
		}
	}()
	return r
}

// next waits for an event of that name that holds the text.
func (r *reader) next(name, has string) string {
	r.Helper()
	return r.again(name, has, func() {})
}

// again does something now and then until such an event comes of it.
func (r *reader) again(name, has string, do func()) string {
	r.Helper()
	late := time.After(20 * time.Second)
	now := time.NewTicker(500 * time.Millisecond)
	defer now.Stop()
	do()
	for {
		select {
		case e, open := <-r.events:
			if !open {
				r.Fatalf("the stream ended before %s with %q", name, has)
			}
			if e.name == name && strings.Contains(e.data, has) {
				return e.data
			}
		case <-now.C:
			do()
		case <-late:
			r.Fatalf("no %s with %q", name, has)
		}
	}
}

// quiet fails where anything comes within a moment.
func (r *reader) quiet() {
	r.Helper()
	select {
	case e := <-r.events:
		r.Errorf("got %s %s", e.name, e.data)
	case <-time.After(150 * time.Millisecond):
	}
}

func TestEventsBeginWithTheWholeState(t *testing.T) {
	r := newRig(t)
	r.session.Start()
	page := listen(t, serve(t, r), "/labs/event-driven/events?step=1")
	page.next("hello", `"id"`)
	for _, id := range []string{"stepper", "result-bar", "verdicts", "status", "stages", "parts", "log"} {
		page.next("swap", `id="`+id+`"`)
	}
}

func TestEventsOfACheck(t *testing.T) {
	r := newRig(t)
	server := serve(t, r)
	page := listen(t, server, "/labs/event-driven/events?step=1")
	page.next("swap", `id="log"`)
	page.next("swap", `id="solution"`)
	if answer, _ := call(t, server, "POST", "/labs/event-driven/steps/1/check", nil, "HX-Request", "true"); answer.StatusCode != http.StatusNoContent {
		t.Fatal(answer.Status)
	}
	page.next("swap", `data-verdict="passed"`)
	page.next("swap", "publish</span>") // the solution may be seen now
	page.quiet()
	r.session.change(func() {}) // nothing to show: nothing is sent
	page.quiet()
}

// A sandbox that was closed by itself says why on the page.
func TestEventsOfAnIdleSandbox(t *testing.T) {
	r := newRig(t)
	page := listen(t, serve(t, r), "/labs/event-driven/events?step=1")
	page.next("swap", `id="solution"`)
	r.session.change(func() {
		r.session.status = sandbox.Status{Phase: sandbox.Closed, Problem: &labs.Problem{Say: "Nobody used it.", Next: "Open it again."}}
	})
	page.next("swap", "Nobody used it.")
	r.session.Start()
	if closed := page.next("swap", `id="why-closed"`); !strings.Contains(closed, "hidden") {
		t.Errorf("it says so of an open one: %s", closed)
	}
}

// A lab that needs no sandbox tells nothing of one, open or closed.
func TestEventsOfALabWithoutSandbox(t *testing.T) {
	r := newRig(t)
	r.lab.Parts = nil
	r.session.change(func() {
		r.session.status = sandbox.Status{Phase: sandbox.Closed, Problem: &labs.Problem{Say: "The sandbox was closed.", Next: "Open it again."}}
	})
	server := serve(t, r)
	_, body := call(t, server, "GET", "/labs/event-driven/steps/1", nil)
	for _, says := range []string{"once the sandbox is open", "The sandbox was closed", "Open the sandbox", "addresses of the sandbox"} {
		if strings.Contains(body, says) {
			t.Errorf("the page says %q", says)
		}
	}
	page := listen(t, server, "/labs/event-driven/events?step=1")
	for {
		piece := page.next("swap", "")
		if strings.Contains(piece, "The sandbox was closed") {
			t.Errorf("it is told of a sandbox: %s", piece)
		}
		if strings.Contains(piece, `id="solution"`) {
			return
		}
	}
}

// The header names the part that does not run, as soon as it does not.
func TestEventsOfAPausedPart(t *testing.T) {
	r := newRig(t)
	r.session.Start()
	page := listen(t, serve(t, r), "/labs/event-driven/events?step=1")
	page.next("swap", `id="solution"`)
	r.session.mu.Lock()
	r.session.status.Parts[0].State = sandbox.Paused
	r.session.mu.Unlock()
	r.session.bus.Publish(event.Parts)
	page.next("swap", "kafka paused</span>")
	if err := r.session.Heal(t.Context(), "kafka"); err != nil {
		t.Fatal(err)
	}
	page.next("swap", "sandbox open</span>")
}

// A page of another step is told of its own step's checks in the result bar.
func TestEventsOfAnotherStep(t *testing.T) {
	r := newRig(t)
	server := serve(t, r)
	page := listen(t, server, "/labs/event-driven/events?step=2")
	page.next("swap", `id="solution"`)
	r.session.say = func(step int) labs.Report { return report(step, labs.NotYet, "8 of 9 arrived.") }
	call(t, server, "POST", "/labs/event-driven/steps/1/check", nil, "HX-Request", "true")
	if stepper := page.next("swap", `data-verdict="not-yet"`); !strings.Contains(stepper, `id="stepper"`) {
		t.Errorf("got %s", stepper)
	}
	page.quiet()
}

func TestEventsOfFiles(t *testing.T) {
	r := newRig(t)
	server := serve(t, r)
	call(t, server, "GET", "/labs/event-driven/steps/1", nil)
	page := listen(t, server, "/labs/event-driven/events?step=1")
	page.next("swap", `id="solution"`)
	write := func(name, text string) {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(r.workspaces.Dir(), name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(r.workspaces.Dir(), name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	// The copy is watched a moment after the page is there; what came before that is no change.
	edit := 0
	page.again("file", `"path":"order/main.go"`, func() {
		edit++
		write("order/main.go", fmt.Sprintf("package main // edit %d of another editor\n", edit))
	})
	write("product/stock.go", "package main\n")
	page.next("swap", "product/stock.go")
	page.next("file", `"path":"product/stock.go"`)
	if err := os.Remove(filepath.Join(r.workspaces.Dir(), "product/stock.go")); err != nil {
		t.Fatal(err)
	}
	page.next("file", `"etag":""`)
}

func TestEventsOfLogs(t *testing.T) {
	r := newRig(t)
	page := listen(t, serve(t, r), "/labs/event-driven/events?step=1")
	page.next("swap", `id="solution"`)
	r.session.log("two\nlines")
	page.next("log", `"text":"two\nlines"`)
}

// A reader that takes nothing is let go, and holds nobody up.
func TestSlowReader(t *testing.T) {
	r := newRig(t)
	server := serve(t, r)
	address := strings.TrimPrefix(server.URL, "http://")
	connection, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	ask := "GET /labs/event-driven/events?step=1 HTTP/1.1\r\nHost: " + address + "\r\nAuthorization: Bearer " + token + "\r\n\r\n"
	if _, err := connection.Write([]byte(ask)); err != nil {
		t.Fatal(err)
	}
	wait(t, "the reader to be there", func() bool { r.session.mu.Lock(); defer r.session.mu.Unlock(); return r.session.readers == 1 })
	long := strings.Repeat("x", 16<<10)
	wait(t, "the reader to be let go", func() bool {
		r.session.log(long)
		r.session.mu.Lock()
		defer r.session.mu.Unlock()
		return r.session.readers == 0
	})
}

// Open pages do not keep a server from ending.
func TestEventsEndWithTheSite(t *testing.T) {
	r := newRig(t)
	server := serve(t, r)
	page := listen(t, server, "/labs/event-driven/events?step=1")
	page.next("hello", "")
	r.Close()
	wait(t, "the stream to end", func() bool {
		select {
		case _, open := <-page.events:
			return !open
		default:
			return false
		}
	})
}

func wait(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if holds() {
			return
		}
	}
	t.Fatalf("waited in vain for: %s", what)
}
