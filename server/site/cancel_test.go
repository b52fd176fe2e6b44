package site_test

import (
	"archive/zip"
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"cnalab/labs"
)

// ask posts or gets with the key, without following where it leads.
func ask(t *testing.T, server *httptest.Server, method, path string, headers ...string) (*http.Response, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, server.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+token)
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer, string(body)
}

// A check that runs can be taken back; what was found before stays.
func TestCancelTakesTheCheckBack(t *testing.T) {
	r := newRig(t)
	server := httptest.NewServer(r)
	t.Cleanup(server.Close)
	r.session.say = func(step int) labs.Report { return report(step, labs.NotYet, "Nothing was published.") }
	ask(t, server, "POST", "/labs/event-driven/steps/1/check")
	r.session.cancel = make(chan struct{})
	page := listen(t, server, "/labs/event-driven/events?step=1")
	if answer, body := ask(t, server, "POST", "/labs/event-driven/steps/1/check", "HX-Request", "true"); answer.StatusCode != 204 {
		t.Fatalf("%s: %s", answer.Status, body)
	}
	page.next("swap", "Building what changed")
	if answer, body := ask(t, server, "POST", "/labs/event-driven/cancel?step=1", "HX-Request", "true"); answer.StatusCode != 204 {
		t.Errorf("%s: %s", answer.Status, body)
	}
	page.next("swap", "You cancelled the check")
	_, body := ask(t, server, "GET", "/labs/event-driven/steps/1")
	if !strings.Contains(body, `id="stepper"`) || !strings.Contains(body, `class="step" data-verdict="not-yet"`) {
		t.Errorf("the stepper has lost what was found before: %s", body)
	}
	if strings.Contains(body, `id="cancel"`) {
		t.Error("there is still a button to cancel what has ended")
	}
}

// Without scripts the form that asked for the check comes back to the page.
func TestCancelWithoutScripts(t *testing.T) {
	r := newRig(t)
	server := httptest.NewServer(r)
	t.Cleanup(server.Close)
	r.session.cancel = make(chan struct{})
	asked := make(chan *http.Response)
	go func() {
		answer, _ := ask(t, server, "POST", "/labs/event-driven/steps/2/check")
		asked <- answer
	}()
	for !r.session.Run().Running {
		time.Sleep(time.Millisecond)
	}
	for _, answer := range []*http.Response{first(ask(t, server, "POST", "/labs/event-driven/cancel?step=2")), <-asked} {
		if to := answer.Header.Get("Location"); answer.StatusCode != 303 || to != "/labs/event-driven/steps/2#result-bar" {
			t.Errorf("%s to %q", answer.Status, to)
		}
	}
	_, page := ask(t, server, "GET", "/labs/event-driven/steps/2", "Accept-Language", "ko")
	if !strings.Contains(page, "확인을 취소했습니다") {
		t.Error("the page says nothing of the cancelled check")
	}
}

func first(answer *http.Response, _ string) *http.Response { return answer }

func TestDownload(t *testing.T) {
	r := newRig(t)
	server := httptest.NewServer(r)
	t.Cleanup(server.Close)
	answer, body := ask(t, server, "GET", "/labs/event-driven/workspace.zip")
	if answer.Header.Get("Content-Type") != "application/zip" || !strings.Contains(answer.Header.Get("Content-Disposition"), "event-driven.zip") {
		t.Fatalf("%s, %v", answer.Status, answer.Header)
	}
	archive, err := zip.NewReader(bytes.NewReader([]byte(body)), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range archive.File {
		names = append(names, f.Name)
	}
	for _, want := range []string{"event-driven/order/main.go", "event-driven/go.mod", "event-driven/go.sum"} {
		if !slices.Contains(names, want) {
			t.Errorf("the zip has no %s: %v", want, names)
		}
	}
	text, err := archive.Open("event-driven/order/main.go")
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := io.ReadAll(text); !strings.Contains(string(got), "func main()") {
		t.Errorf("order/main.go holds %q", got)
	}
}

func TestHandIn(t *testing.T) {
	server := httptest.NewServer(newRig(t))
	t.Cleanup(server.Close)
	answer, body := ask(t, server, "GET", "/labs/event-driven/handin.zip")
	if answer.Header.Get("Content-Type") != "application/zip" || !strings.Contains(answer.Header.Get("Content-Disposition"), "event-driven-hand-in.zip") {
		t.Errorf("%s, %v", answer.Status, answer.Header)
	}
	if body != "all of event-driven" {
		t.Errorf("got %q", body)
	}
}

// A command that waits for the verdict is told that somebody took it back.
func TestCancelIsToldToTheCommandLine(t *testing.T) {
	r := newRig(t)
	server := httptest.NewServer(r)
	t.Cleanup(server.Close)
	r.session.Start()
	r.session.cancel = make(chan struct{})
	close(r.session.cancel)
	request, err := http.NewRequestWithContext(t.Context(), "POST", server.URL+"/api/verify", strings.NewReader(`{"lab":"event-driven","step":1}`))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, _ := io.ReadAll(answer.Body)
	if answer.StatusCode != http.StatusConflict || !bytes.Contains(body, []byte("cancelled in the browser")) {
		t.Errorf("%s: %s", answer.Status, body)
	}
}
