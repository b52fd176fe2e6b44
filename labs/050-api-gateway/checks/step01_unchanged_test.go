//go:build lab

package checks

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"cnalab/labs/check"
)

// Method, path, query, headers and body reach the service as the client sent them.
func TestStep01_RequestsPassUnchanged(t *testing.T) {
	t.Parallel()
	s := open(t)
	order := s.backend("order", 1)
	d := s.door(order)
	header := http.Header{
		"Content-Type": {"application/vnd.shop+json"}, "X-Many": {"one", "two"}, "Authorization": {"Basic c2hvcA=="}, "Cookie": {"basket=7"},
		"Accept-Language": {"ko"}, "Idempotency-Key": {"k-1"}, "User-Agent": {"shop-app/3"},
	}
	for _, ask := range []struct{ method, path, body string }{
		{"GET", "/orders?b=2&a=1&a=%2F+x", ""}, {"POST", "/orders", `{"sku": "lamp"}`}, {"PUT", "/orders/a%2Fb%20c", strings.Repeat("lamp ", 60_000)},
		{"POST", "/orders/large", strings.Repeat("lamp ", 700_000)}, {"GET", "/orders?a=1;b=2&c=50%", ""},
		{"PATCH", "/orders/7", "part"}, {"DELETE", "/orders/7?now", ""}, {"HEAD", "/orders/7", ""}, {"OPTIONS", "/orders/7", ""},
	} {
		before := order.calls()
		d.ask(ask.method, ask.path, header, ask.body)
		r := order.last()
		if order.calls() != before+1 {
			d.notYet(check.Finding{Say: fmt.Sprintf("%s %s does not reach order, once.", ask.method, ask.path), Got: fmt.Sprintf("%d requests", order.calls()-before), Want: 1,
				At: "gateway/proxy.go", Next: "Pass on every method."})
		}
		body, _ := io.ReadAll(r.Body)
		differs := func(what string, got, want any) {
			d.notYet(check.Finding{Say: fmt.Sprintf("%s %s reaches order with another %s.", ask.method, ask.path, what), Got: got, Want: want,
				At: "gateway/proxy.go", Next: "Pass the request on as it is."})
		}
		switch {
		case r.Method != ask.method:
			differs("method", r.Method, ask.method)
		case r.URL.EscapedPath() == strings.Split(ask.path, "?")[0] && r.RequestURI != ask.path:
			d.notYet(check.Finding{Say: fmt.Sprintf("%s %s reaches order with another query.", ask.method, ask.path), Got: r.RequestURI, Want: ask.path,
				At: "gateway/proxy.go", Next: "Hand the query on as text: where Rewrite is set, httputil.ReverseProxy leaves out what it cannot read, until you copy In.URL.RawQuery to Out."})
		case r.RequestURI != ask.path:
			differs("path", r.RequestURI, ask.path)
		case string(body) != ask.body:
			differs("body", fmt.Sprintf("%d bytes: %.60s", len(body), body), fmt.Sprintf("%d bytes: %.60s", len(ask.body), ask.body))
		}
		for name, values := range header {
			if got := r.Header.Values(name); !slices.Equal(got, values) {
				differs("header "+name, strings.Join(got, ", "), strings.Join(values, ", "))
			}
		}
	}
}

// Status, headers and body reach the client as the service sent them.
func TestStep01_AnswersPassUnchanged(t *testing.T) {
	t.Parallel()
	s := open(t)
	order := s.backend("order", 1)
	d := s.door(order)
	large := bytes.Repeat([]byte("0123456789abcdef"), 64<<10)
	for _, want := range []reply{
		{status: 201, body: []byte(`{"id":"7"}`)}, {status: 204}, {status: 302, header: http.Header{"Location": {"/orders/8"}}}, {status: 404, body: []byte("no such order\n")},
		{status: 409, body: []byte("x")}, {status: 418}, {status: 429, header: http.Header{"Retry-After": {"3"}}}, {status: 200, body: large},
		{status: 200, body: []byte("ok"), header: http.Header{"Set-Cookie": {"a=1", "b=2; Path=/"}, "Content-Type": {"text/x-shop"}, "Etag": {`"7"`}, "Cache-Control": {"no-store"}}},
	} {
		order.answers(func(w http.ResponseWriter, _ *http.Request) {
			for name, values := range want.header {
				w.Header()[name] = values
			}
			w.WriteHeader(want.status)
			_, _ = w.Write(want.body)
		})
		got := d.get("/orders/7")
		differs := func(what string, got, wanted any) {
			d.notYet(check.Finding{Say: fmt.Sprintf("order answers %d, and the client gets another %s.", want.status, what), Got: got, Want: wanted,
				At: "gateway/proxy.go", Next: "Pass the answer on as it is, errors and redirects too."})
		}
		switch {
		case got.status != want.status:
			differs("status", got.status, want.status)
		case !bytes.Equal(got.body, want.body):
			differs("body", fmt.Sprintf("%d bytes: %.60s", len(got.body), got.body), fmt.Sprintf("%d bytes: %.60s", len(want.body), want.body))
		}
		for name, values := range want.header {
			if seen := got.header.Values(name); !slices.Equal(seen, values) {
				differs("header "+name, strings.Join(seen, ", "), strings.Join(values, ", "))
			}
		}
	}
}

// An answer that breaks off reaches nobody as a whole one.
func TestStep01_HalfAnAnswerIsNotWhole(t *testing.T) {
	t.Parallel()
	s := open(t)
	order := s.backend("order", 1)
	d := s.door(order)
	if d.get("/orders/7").instance() != order.name {
		d.notYet(nowhere("order", "/orders/7"))
	}
	for _, sized := range []bool{true, false} {
		order.answers(breakOffAmid(sized))
		if got := d.try(http.MethodGet, "/orders/7", nil, ""); got != nil && got.status/100 == 2 {
			d.notYet(check.Finding{Say: "The connection to order breaks in the middle of an answer, and the client gets the half of it as if it were whole.", Got: got, Want: "a connection that breaks, or 502",
				At: "gateway/proxy.go", Next: "Where copying the answer fails, break the client's connection as well: panic(http.ErrAbortHandler) does so."})
		}
	}
}

// A request that breaks off reaches no service as a whole one.
func TestStep01_HalfARequestIsNotWhole(t *testing.T) {
	t.Parallel()
	s := open(t)
	order := s.backend("order", 1)
	d := s.door(order)
	if d.get("/orders/7").instance() != order.name {
		d.notYet(nowhere("order", "/orders/7"))
	}
	before := order.calls()
	for _, half := range []string{"Content-Length: 1000\r\n\r\n12", "Transfer-Encoding: chunked\r\n\r\n2\r\n12\r\n", "Transfer-Encoding: chunked\r\n\r\n2\r\n12\r\n" + noLength} {
		answered := d.breaksOff("POST /orders HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\n" + half)
		if order.calls() > before {
			body, _ := io.ReadAll(order.last().Body)
			d.notYet(check.Finding{Say: "The client's connection breaks in the middle of a POST, and order gets the half of it as if it were whole.", Got: fmt.Sprintf("a body of %d bytes; the client: %s", len(body), answered), Want: "no whole request",
				At: "gateway/proxy.go", Next: "Where reading the client's body fails, end the call to the service."})
		}
	}
}

// noLength stands in a chunked body where the length of the next chunk should be.
const noLength = "no length\r\n"

// breaksOff sends the text and nothing more, and returns what came for it.
func (d *door) breaksOff(text string) string {
	d.s.Helper()
	config := d.client.Transport.(*http.Transport).TLSClientConfig.Clone()
	config.NextProtos = []string{"http/1.1"}
	ctx, cancel := context.WithTimeout(d.s.Context, 5*time.Second)
	defer cancel()
	conn, err := (&tls.Dialer{Config: config}).DialContext(ctx, "tcp", strings.TrimPrefix(d.base, "https://"))
	d.s.Must(err, "The check could not connect to the gateway.")
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(2 * time.Second)) // the gateway need not answer
	_, err = io.WriteString(conn, text)
	d.s.Must(err, "The check could not connect to the gateway.")
	if !strings.HasSuffix(text, noLength) { // nobody has to see how the connection ends to know that this is no body
		_ = conn.(*tls.Conn).CloseWrite()
	}
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return "no answer"
	}
	answer.Body.Close()
	return answer.Status
}

// Headers that are for one connection alone are not passed on, in either direction.
func TestStep01_HopByHopHeadersEnd(t *testing.T) {
	t.Parallel()
	s := open(t)
	order := s.backend("order", 1)
	d := s.door(order)
	order.answers(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Connection", "X-Of-This-Answer")
		w.Header().Set("X-Of-This-Answer", "1")
		w.Header().Set("Keep-Alive", "timeout=9")
		w.Header().Set("X-Stays", "1")
		order.fine(w, r)
	})
	got := d.ask(http.MethodGet, "/orders/7", http.Header{"Connection": {"X-Of-This-Hop"}, "X-Of-This-Hop": {"1"}, "Keep-Alive": {"timeout=7"},
		"Proxy-Authorization": {"Basic c2hvcA=="}, "X-Stays": {"1"}}, "")
	if got.header.Get("X-Stays") == "" || order.last() == nil || order.last().Header.Get("X-Stays") == "" {
		d.notYet(check.Finding{Say: "A header that is not hop-by-hop is not passed on.", Got: got, Want: "X-Stays: 1, there and back",
			At: "gateway/proxy.go", Next: "Leave out only what Connection names, and the hop-by-hop headers."})
	}
	for _, name := range []string{"X-Of-This-Hop", "Keep-Alive", "Proxy-Authorization"} {
		if value := order.last().Header.Get(name); value != "" {
			d.notYet(hop(name, value, "the client's connection reaches order"))
		}
	}
	for _, name := range []string{"X-Of-This-Answer", "Keep-Alive"} {
		if value := got.header.Get(name); value != "" {
			d.notYet(hop(name, value, "order's connection reaches the client"))
		}
	}
}

func hop(name, value, whose string) check.Finding {
	return check.Finding{Say: fmt.Sprintf("The header %s of %s.", name, whose), Got: name + ": " + value, Want: "no such header",
		At: "gateway/proxy.go", Next: "Take out the hop-by-hop headers, and those that Connection names, as httputil.ReverseProxy does."}
}

// The service is told who asks, and a client cannot pretend to be another.
func TestStep01_SaysWhoAsks(t *testing.T) {
	t.Parallel()
	s := open(t)
	order := s.backend("order", 1)
	d := s.door(order)
	host := strings.TrimPrefix(d.base, "https://")
	const elsewhere = "127.0.0.2"
	other := d.from(elsewhere)
	for i, claimed := range []http.Header{nil, {"X-Forwarded-For": {"203.0.113.7"}, "X-Forwarded-Host": {"elsewhere"}, "X-Forwarded-Proto": {"gopher"}}, nil} {
		asks, from := d, "127.0.0.1"
		if i == 2 {
			if other == nil {
				continue
			}
			asks, from = other, elsewhere
		}
		asks.ask(http.MethodGet, "/orders/7", claimed, "")
		if order.last() == nil {
			d.notYet(nowhere("order", "/orders/7"))
		}
		for name, want := range map[string]string{"X-Forwarded-For": from, "X-Forwarded-Host": host, "X-Forwarded-Proto": "https"} {
			if got := strings.Join(order.last().Header.Values(name), ", "); got != want {
				say := fmt.Sprintf("order does not get the header %s that the step asks for.", name)
				if claimed != nil {
					say = fmt.Sprintf("A client sends %s by itself, and order believes it.", name)
				}
				d.notYet(check.Finding{Say: say, Got: name + ": " + got, Want: name + ": " + want,
					At: "gateway/proxy.go", Next: "Call SetXForwarded in Rewrite: it replaces what the client claims."})
			}
		}
	}
}

// from is the same door for a client at another address, or nil where the
// system has no such address.
func (d *door) from(ip string) *door {
	listener, err := net.Listen("tcp", ip+":0")
	if err != nil {
		return nil
	}
	listener.Close()
	other := *d
	transport := d.client.Transport.(*http.Transport).Clone()
	transport.DialContext = (&net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(ip)}}).DialContext
	d.s.Cleanup(transport.CloseIdleConnections)
	other.client = &http.Client{Transport: transport, CheckRedirect: d.client.CheckRedirect}
	return &other
}
