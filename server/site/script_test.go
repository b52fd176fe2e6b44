package site_test

import (
	"bufio"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"cnalab/server/site/auth"
)

// Each testdata/*.http is a conversation with the site, for people to read:
//
//	# what is tried
//	PUT /labs/event-driven/files/order/main.go
//	If-Match: {etag}              a header of the request; {etag} is the last answer's
//	key: none                     brings no key; `key: wrong` brings another
//	body: package main            the request's body
//	=> 412                        the answer's status
//	ETag: …                       after it, a header of the answer must hold this
//	has: text                     the answer's body must have this
//	lacks: text                   and must not have this
//
// A blank line ends an exchange. Each file starts with a fresh site.
func TestConversations(t *testing.T) {
	files, err := filepath.Glob("testdata/*.http")
	if err != nil || len(files) == 0 {
		t.Fatalf("no conversations: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".http"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			server := httptest.NewServer(newRig(t))
			defer server.Close()
			c := &conversation{T: t, server: server, file: file}
			c.read(string(text))
		})
	}
}

type conversation struct {
	*testing.T
	server *httptest.Server
	file   string
	line   int
	etag   string

	asked  *http.Request
	answer *http.Response
	body   string
}

func (c *conversation) read(script string) {
	lines := bufio.NewScanner(strings.NewReader(script))
	for lines.Scan() {
		c.line++
		line := strings.ReplaceAll(lines.Text(), "{etag}", c.etag)
		switch {
		case strings.HasPrefix(line, "#"):
		case strings.TrimSpace(line) == "":
			c.asked, c.answer = nil, nil
		case c.asked == nil:
			c.begin(line)
		case strings.HasPrefix(line, "=> "):
			c.ask(strings.TrimPrefix(line, "=> "))
		case c.answer == nil:
			c.prepare(line)
		default:
			c.expect(line)
		}
	}
}

func (c *conversation) begin(line string) {
	method, target, _ := strings.Cut(line, " ")
	request, err := http.NewRequest(method, c.server.URL, nil)
	if err != nil {
		c.Fatalf("%s:%d: %v", c.file, c.line, err)
	}
	// The address goes out as written: what a browser would tidy up is part of the test.
	path, query, _ := strings.Cut(target, "?")
	if request.URL.Opaque = path; strings.HasPrefix(path, "//") {
		request.URL.Opaque = "//" + request.URL.Host + path
	}
	request.URL.RawQuery = query
	port := request.URL.Port()
	request.AddCookie(&http.Cookie{Name: "cnalab-" + port, Value: auth.Token(token).Cookie()})
	c.asked = request
}

func (c *conversation) prepare(line string) {
	name, value, _ := strings.Cut(line, ": ")
	switch name {
	case "key":
		c.asked.Header.Del("Cookie")
		if value == "wrong" {
			c.asked.AddCookie(&http.Cookie{Name: "cnalab-" + c.asked.URL.Port(), Value: "another"})
		}
	case "Host":
		c.asked.Host = strings.ReplaceAll(value, "{port}", c.asked.URL.Port())
	case "body", "form":
		c.asked.Body = io.NopCloser(strings.NewReader(strings.ReplaceAll(value, `\n`, "\n")))
		if name == "form" {
			c.asked.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
	case "Cookie":
		c.asked.Header.Add("Cookie", value)
	default:
		c.asked.Header.Set(name, value)
	}
}

func (c *conversation) ask(status string) {
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Do(c.asked)
	if err != nil {
		c.Fatalf("%s:%d: %v", c.file, c.line, err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		c.Fatalf("%s:%d: %v", c.file, c.line, err)
	}
	c.answer, c.body, c.etag = answer, string(body), answer.Header.Get("ETag")
	if got := strconv.Itoa(answer.StatusCode); got != status {
		c.Errorf("%s:%d: status %s, want %s\n%s", c.file, c.line, got, status, c.body)
	}
}

func (c *conversation) expect(line string) {
	name, want, _ := strings.Cut(line, ": ")
	switch name {
	case "has":
		if !strings.Contains(c.body, want) {
			c.Errorf("%s:%d: the answer has no %q:\n%s", c.file, c.line, want, c.body)
		}
	case "lacks":
		if strings.Contains(c.body, want) {
			c.Errorf("%s:%d: the answer has %q:\n%s", c.file, c.line, want, c.body)
		}
	default:
		got := strings.Join(c.answer.Header.Values(name), "\n")
		if !strings.Contains(got, want) || got == "" {
			c.Errorf("%s:%d: %s is %q, want %q in it", c.file, c.line, name, got, want)
		}
	}
}
