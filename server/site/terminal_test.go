package site_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"

	"cnalab/labs"
	"cnalab/server/site"
	"cnalab/server/site/auth"
)

// shells are terminals in memory.
type shells struct {
	mu   sync.Mutex
	all  []*shell
	full bool
}

func (s *shells) List() (all []site.Terminal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, one := range s.all {
		all = append(all, one)
	}
	return all
}

func (s *shells) Open(_ context.Context, kind site.Kind) (site.Terminal, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.full {
		return nil, &labs.Problem{Kind: labs.Conflict, Say: "There are 8 terminals.", Next: "Close one of them."}
	}
	one := &shell{of: s, inside: kind == site.Inside, id: fmt.Sprint(len(s.all) + 1), printed: make(chan []byte, 100)}
	s.all = append(s.all, one)
	return one, nil
}

// shell prints what is typed, and "size C R" for a size.
type shell struct {
	of      *shells
	id      string
	inside  bool
	printed chan []byte
	seen    int64
	shown   int64
	away    bool
}

func (s *shell) ID() string           { return s.id }
func (s *shell) Addresses() bool      { return true }
func (s *shell) Inside() bool         { return s.inside }
func (s *shell) Write(p []byte) error { s.printed <- bytes.Clone(p); return nil }

func (s *shell) Resize(columns, rows int) error {
	if columns < 1 {
		return &labs.Problem{Say: "No screen is so small.", Next: "Make it larger."}
	}
	s.printed <- fmt.Appendf(nil, "size %d %d", columns, rows)
	return nil
}

func (s *shell) Attach(seen int64) site.Screen {
	s.note(func() { s.seen, s.away = seen, false })
	return screen{s}
}

func (s *shell) Close() {
	s.of.mu.Lock()
	defer s.of.mu.Unlock()
	s.of.all = nil
	close(s.printed)
}

func (s *shell) note(f func()) { s.of.mu.Lock(); defer s.of.mu.Unlock(); f() }

type screen struct{ *shell }

func (s screen) From() int64   { return 3 }
func (s screen) Behind() int64 { return 7 }
func (s screen) Why() string   { return "closed" }
func (s screen) Close()        { s.note(func() { s.away = true }) }

func (s screen) Next(ctx context.Context, p []byte) ([]byte, error) {
	select {
	case text, open := <-s.printed:
		if !open {
			return nil, io.EOF
		}
		return text, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (s screen) Shown(place int64) { s.note(func() { s.shown = place }) }

const ways = "/labs/event-driven/terminal"

// dial opens a socket with the headers alone.
func dial(t *testing.T, server *httptest.Server, path string, headers ...string) (*websocket.Conn, *http.Response, error) {
	t.Helper()
	h := http.Header{}
	for i := 0; i+1 < len(headers); i += 2 {
		h.Set(headers[i], headers[i+1])
	}
	connection, answer, err := websocket.Dial(t.Context(), server.URL+path, &websocket.DialOptions{HTTPHeader: h, Host: h.Get("Host")})
	if err == nil {
		t.Cleanup(func() { connection.CloseNow() })
	}
	return connection, answer, err
}

// cookie is the key as our own pages bring it.
func cookie(server *httptest.Server) string {
	return "cnalab-" + server.URL[strings.LastIndexByte(server.URL, ':')+1:] + "=" + auth.Token(token).Cookie()
}

// Only our own page gets a line to a shell: with the key, and with the origin
// that a browser names.
func TestTerminalIsNobodyElses(t *testing.T) {
	r := newRig(t)
	server := serve(t, r)
	if _, err := r.shells.Open(t.Context(), site.Own); err != nil {
		t.Fatal(err)
	}
	key, other := cookie(server), server.URL[:strings.LastIndexByte(server.URL, ':')]
	for name, try := range map[string]struct {
		status  int
		say     string
		headers []string
	}{
		"no key":                        {401, "no key", []string{"Origin", server.URL}},
		"another key":                   {401, "no key", []string{"Origin", server.URL, "Cookie", key[:len(key)-1] + "x"}},
		"another header's key":          {401, "no key", []string{"Authorization", "Bearer another"}},
		"a foreign page":                {403, "nothing was done", []string{"Cookie", key, "Origin", "http://evil.example"}},
		"a foreign page with a header":  {403, "nothing was done", []string{"Authorization", "Bearer " + token, "Origin", "http://evil.example"}},
		"a page of another port":        {403, "nothing was done", []string{"Cookie", key, "Origin", other + ":1"}},
		"a page with no origin":         {403, "nothing was done", []string{"Cookie", key, "Origin", "null"}},
		"a cookie without an origin":    {403, "nothing was done", []string{"Cookie", key}},
		"a foreign page, as it is said": {403, "nothing was done", []string{"Cookie", key, "Origin", server.URL, "Sec-Fetch-Site", "cross-site"}},
		"a name of somebody else's DNS": {421, "only on the address", []string{"Cookie", key, "Origin", "http://evil.example", "Host", "evil.example"}},
	} {
		_, answer, err := dial(t, server, ways+"/1", try.headers...)
		if err == nil {
			t.Errorf("%s: a line was opened", name)
			continue
		}
		if answer == nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		text, _ := io.ReadAll(answer.Body)
		if answer.StatusCode != try.status || !strings.Contains(string(text), try.say) {
			t.Errorf("%s: %s: %s, want %d with %q", name, answer.Status, text, try.status, try.say)
		}
	}
	for name, headers := range map[string][]string{
		"our page":  {"Cookie", key, "Origin", server.URL, "Sec-Fetch-Site", "same-origin"},
		"a program": {"Authorization", "Bearer " + token},
	} {
		if _, _, err := dial(t, server, ways+"/1", headers...); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// peer is a page on its line to a terminal.
type peer struct {
	*testing.T
	socket *websocket.Conn
}

func join(t *testing.T, server *httptest.Server, path string) peer {
	t.Helper()
	socket, _, err := dial(t, server, path, "Authorization", "Bearer "+token)
	if err != nil {
		t.Fatal(err)
	}
	return peer{t, socket}
}

func (p peer) read() (websocket.MessageType, string, error) {
	ctx, cancel := context.WithTimeout(p.Context(), 10*time.Second)
	defer cancel()
	kind, text, err := p.socket.Read(ctx)
	return kind, string(text), err
}

func (p peer) wants(kind websocket.MessageType, want string) {
	p.Helper()
	if got, text, err := p.read(); err != nil || got != kind || text != want {
		p.Fatalf("got %s %q, %v, want %s %q", got, text, err, kind, want)
	}
}

func (p peer) says(kind websocket.MessageType, text string) {
	p.Helper()
	if err := p.socket.Write(p.Context(), kind, []byte(text)); err != nil {
		p.Fatal(err)
	}
}

func TestTerminalLine(t *testing.T) {
	r := newRig(t)
	server := serve(t, r)
	answer, text := call(t, server, "POST", ways, nil)
	if answer.StatusCode != http.StatusCreated || text != `{"id":"1","addresses":true,"inside":false}`+"\n" {
		t.Fatalf("%s: %s", answer.Status, text)
	}
	if _, text := call(t, server, "GET", ways, nil); text != `[{"id":"1","addresses":true,"inside":false}]`+"\n" {
		t.Errorf("the list is %s", text)
	}
	if _, text := call(t, server, "POST", ways+"?kind=inside", nil); text != `{"id":"2","addresses":true,"inside":true}`+"\n" {
		t.Errorf("inside the sandbox: %s", text)
	}
	page := join(t, server, ways+"/1?seen=42")
	page.wants(websocket.MessageText, `{"from":3,"behind":7}`)
	page.says(websocket.MessageBinary, "echo 한\r")
	page.wants(websocket.MessageBinary, "echo 한\r")
	page.says(websocket.MessageText, `{"size":[80,24],"shown":12}`)
	page.wants(websocket.MessageBinary, "size 80 24")
	page.says(websocket.MessageText, `{"size":[0,24]}`)
	page.wants(websocket.MessageText, `{"say":"No screen is so small. Make it larger."}`)
	page.says(websocket.MessageText, `{`)
	if _, text, err := page.read(); err != nil || !strings.Contains(text, "came in broken") {
		t.Errorf("got %q, %v", text, err)
	}
	one := r.shells.all[0]
	one.note(func() {
		if one.seen != 42 || one.shown != 12 {
			t.Errorf("it has seen %d and shown %d, want 42 and 12", one.seen, one.shown)
		}
	})
	if answer, _ := call(t, server, "DELETE", ways+"/1", nil); answer.StatusCode != http.StatusNoContent {
		t.Errorf("close: %s", answer.Status)
	}
	page.wants(websocket.MessageText, `{"ended":"closed"}`)
	if _, _, err := page.read(); websocket.CloseStatus(err) != websocket.StatusNormalClosure {
		t.Errorf("the line ended with %v", err)
	}
	if answer, text := call(t, server, "DELETE", ways+"/1", nil, "Accept", "application/json"); answer.StatusCode != 404 || !strings.Contains(text, "has ended") {
		t.Errorf("close again: %s: %s", answer.Status, text)
	}
}

// A page that leaves, one that says too much, and a server that ends each take
// their line along, and not the shell.
func TestTerminalLineEnds(t *testing.T) {
	r := newRig(t)
	server := serve(t, r)
	if _, err := r.shells.Open(t.Context(), site.Own); err != nil {
		t.Fatal(err)
	}
	one := r.shells.all[0]
	away := func() (is bool) { one.note(func() { is = one.away }); return is }
	for name, end := range map[string]func(peer){
		"the page leaves":  func(p peer) { p.socket.CloseNow() },
		"it says too much": func(p peer) { p.says(websocket.MessageBinary, strings.Repeat("x", 65<<10)) },
	} {
		page := join(t, server, ways+"/1")
		page.wants(websocket.MessageText, `{"from":3,"behind":7}`)
		end(page)
		wait(t, name, away)
		if len(r.shells.List()) != 1 {
			t.Errorf("%s: the shell has ended", name)
		}
	}
	page := join(t, server, ways+"/1")
	page.wants(websocket.MessageText, `{"from":3,"behind":7}`)
	r.Site.Close()
	wait(t, "the server ends", away)
	if _, _, err := page.read(); err == nil || errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the line goes on: %v", err)
	}
}

func TestTerminalRefused(t *testing.T) {
	r := newRig(t)
	server := serve(t, r)
	r.shells.full = true
	answer, text := call(t, server, "POST", ways, nil, "Accept", "application/json")
	var problem struct{ Say, Next string }
	if err := json.Unmarshal([]byte(text), &problem); err != nil || answer.StatusCode != 409 || problem.Next != "Close one of them." {
		t.Errorf("%s: %s", answer.Status, text)
	}
	for path, want := range map[string]int{"/labs/nothing/terminal": 404, "/labs/cqrs/terminal": 404} {
		if answer, _ := call(t, server, "POST", path, nil); answer.StatusCode != want {
			t.Errorf("POST %s: %s", path, answer.Status)
		}
	}
	if _, answer, err := dial(t, server, ways+"/9", "Authorization", "Bearer "+token); err == nil || answer.StatusCode != 404 {
		t.Errorf("a terminal that is not there: %v", err)
	}
}
