package site_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"cnalab/labs"
)

// quickRig is a site that gives a body 100 ms to arrive.
func quickRig(t *testing.T) (*rig, *httptest.Server) {
	t.Helper()
	r := newRig(t)
	r.BodyTimeout = 100 * time.Millisecond
	server := httptest.NewServer(r)
	t.Cleanup(server.Close)
	return r, server
}

// drips sends a request whose body comes a byte at a time, without end, and
// returns the answer when the connection has ended.
func drips(t *testing.T, server *httptest.Server, line, key string) (status int, text string) {
	t.Helper()
	c, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(20 * time.Second)) // it is held where this is reached
	fmt.Fprintf(c, "%s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nIf-None-Match: *\r\nContent-Length: 60000\r\n\r\n", line, key)
	go func() {
		tick := time.NewTicker(10 * time.Millisecond)
		defer tick.Stop()
		for range tick.C {
			if _, err := c.Write([]byte(" ")); err != nil {
				return
			}
		}
	}()
	response, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	all, _ := io.ReadAll(response.Body)
	return response.StatusCode, string(all)
}

// A client that sends a byte now and then holds no handler, and is told, while
// pages that only listen go on.
func TestASlowBodyIsLetGo(t *testing.T) {
	r, server := quickRig(t)
	page := listen(t, server, "/labs/event-driven/events?step=1")
	for line, want := range map[string]string{"PUT /labs/event-driven/files/order/new.go": "came in too slowly", "POST /api/verify": "came in too slowly",
		"POST /labs/event-driven/reset": "", "GET /labs/event-driven/steps/1": ""} {
		if status, text := drips(t, server, line, token); want != "" && (status != http.StatusRequestTimeout || !strings.Contains(text, want)) {
			t.Errorf("%s: %d %s", line, status, text)
		}
		drips(t, server, line, "no key")
	}
	r.session.say = func(step int) labs.Report { return report(step, labs.NotYet, "Nothing was published.") }
	ask(t, server, "POST", "/labs/event-driven/steps/1/check", "HX-Request", "true")
	page.next("swap", "Nothing was published.")
}

// What has arrived is worked on for as long as that takes.
func TestWorkIsNotBoundByTheBodysTime(t *testing.T) {
	r, _ := quickRig(t)
	over := make(chan error, 1)
	work := http.HandlerFunc(func(_ http.ResponseWriter, q *http.Request) {
		_, err := io.ReadAll(q.Body)
		select {
		case <-q.Context().Done():
			err = q.Context().Err()
		case <-time.After(3 * r.BodyTimeout):
		}
		over <- err
	})
	server := httptest.NewServer(r.InTime(work))
	defer server.Close()
	response, err := http.Post(server.URL, "text/plain", strings.NewReader("all of it"))
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if err := <-over; err != nil {
		t.Errorf("the work was given up: %v", err)
	}
}
