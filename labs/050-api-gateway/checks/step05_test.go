//go:build lab

package checks

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"encoding/hex"
	"fmt"
	"net"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"cnalab/labs/check"
)

// handshake tries to speak TLS with the gateway in these versions alone.
func (d *door) handshake(least, most uint16, protocols ...string) (*tls.ConnectionState, error) {
	config := d.client.Transport.(*http.Transport).TLSClientConfig.Clone()
	config.MinVersion, config.MaxVersion, config.NextProtos = least, most, protocols
	ctx, cancel := context.WithTimeout(d.s.Context, 5*time.Second)
	defer cancel()
	conn, err := (&tls.Dialer{NetDialer: &net.Dialer{}, Config: config}).DialContext(ctx, "tcp", strings.TrimPrefix(d.base, "https://"))
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	state := conn.(*tls.Conn).ConnectionState()
	return &state, nil
}

// The gateway speaks TLS 1.2 and 1.3, and nothing older.
func TestStep05_NoOldTLS(t *testing.T) {
	t.Parallel()
	s := open(t)
	d, _ := s.whole()
	for _, old := range []uint16{tls.VersionTLS10, tls.VersionTLS11} {
		if _, err := d.handshake(old, old); err == nil {
			d.notYet(check.Finding{Say: fmt.Sprintf("The gateway speaks %s, which is no longer secure.", tls.VersionName(old)), Got: "a connection", Want: "TLS 1.2 or later alone",
				At: "gateway/serve.go", Next: "Set MinVersion of the tls.Config."})
		}
	}
	for _, now := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		if _, err := d.handshake(now, now); err != nil {
			d.notYet(check.Finding{Say: fmt.Sprintf("The gateway does not speak %s.", tls.VersionName(now)), Got: err, Want: "a connection",
				At: "gateway/serve.go", Next: "Set MinVersion to TLS 1.2, and no MaxVersion."})
		}
	}
}

// A client that can speaks HTTP/2; one that cannot speaks HTTP/1.1.
func TestStep05_HTTP2(t *testing.T) {
	t.Parallel()
	s := open(t)
	d, _ := s.whole()
	state, err := d.handshake(tls.VersionTLS12, tls.VersionTLS13, "h2", "http/1.1")
	if err != nil || state.NegotiatedProtocol != "h2" {
		got := fmt.Sprint(err)
		if err == nil {
			got = fmt.Sprintf("%q", state.NegotiatedProtocol)
		}
		d.notYet(check.Finding{Say: "A client offers HTTP/2, and the gateway does not take it.", Got: got, Want: "h2",
			At: "gateway/serve.go", Next: "net/http speaks HTTP/2 over TLS by itself, where nobody sets TLSNextProto; with NextProtos of your own, put h2 first."})
	}
	for proto, second := range map[string]bool{"HTTP/2.0": true, "HTTP/1.1": false} {
		client := *d
		client.client = s.client(d.client.Transport.(*http.Transport).TLSClientConfig.Clone(), second)
		if got := client.get("/products/lamp"); got.status != http.StatusOK || got.proto != proto {
			d.notYet(check.Finding{Say: fmt.Sprintf("A request over %s is not answered.", proto), Got: fmt.Sprintf("%s over %s", got, got.proto), Want: "200 over " + proto,
				At: "gateway/serve.go", Next: "Serve both: what a client speaks is settled in the TLS handshake."})
		}
	}
}

// A gateway whose certificate cannot be read does not start.
func TestStep05_UnreadableCertificate(t *testing.T) {
	t.Parallel()
	s := open(t)
	d := s.start(pair{certificate: []byte("no certificate"), key: valid().key}, s.backend("order", 1))
	if !s.Within(20*time.Second, func() bool { return d.over() || d.listens() }) || !d.over() {
		d.notYet(check.Finding{Say: "The certificate cannot be read, and the gateway starts.", Got: "it listens", Want: "it ends with an error",
			At: "gateway/serve.go", Next: "Return the error of reading the certificate, before you serve."})
	}
	if exit, _ := d.program.Exit(); exit.Code != 1 {
		d.notYet(check.Finding{Say: "The certificate cannot be read, and the gateway does not end with an error.", Got: exit.Say, Want: "exit status 1",
			At: "gateway/serve.go", Next: "Return the error of reading the certificate, before you look at what was read."})
	}
}

// A gateway with an expired certificate says so, and does not start.
func TestStep05_ExpiredCertificate(t *testing.T) {
	t.Parallel()
	s := open(t)
	d := s.start(expired(), s.backend("order", 1))
	if !s.Within(20*time.Second, func() bool { return d.over() || d.listens() }) || !d.over() {
		d.notYet(check.Finding{Say: "The certificate has expired, and the gateway starts: each client would refuse it.", Got: "it listens", Want: "it ends with an error",
			At: "gateway/serve.go", Next: "Read the certificate before you serve, and compare its NotAfter with the time."})
	}
	exit, _ := d.program.Exit()
	if told := strings.ToLower(d.output()); exit.Code != 1 || !strings.Contains(told, "expired") {
		d.notYet(check.Finding{Say: "The certificate has expired, and the gateway does not say so when it ends.", Got: exit.Say, Want: "exit status 1, and the word expired in its log",
			At: "gateway/serve.go", Next: "Return an error that says expired, and when."})
	}
	if day := expiredOn().Format("2006-01-02"); !strings.Contains(d.output(), day) {
		d.notYet(check.Finding{Say: "The gateway does not say when its certificate expired.", Got: exit.Say, Want: day, At: "gateway/serve.go", Next: "Put the NotAfter of the certificate into the error."})
	}
}

// listens reports whether somebody accepts connections there, whatever the certificate.
func (d *door) listens() bool {
	conn, err := net.DialTimeout("tcp", strings.TrimPrefix(d.base, "https://"), time.Second)
	if err != nil {
		return false
	}
	conn.Close()
	return true
}

var traceparent = regexp.MustCompile(`^00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$`)

// traceOf is the trace id of a valid traceparent, or "".
func traceOf(header string) string {
	parts := traceparent.FindStringSubmatch(header)
	if parts == nil || strings.Trim(parts[1], "0") == "" || strings.Trim(parts[2], "0") == "" {
		return ""
	}
	return parts[1]
}

func newTrace() string {
	id := make([]byte, 16)
	_, _ = rand.Read(id)
	return hex.EncodeToString(id)
}

func in(trace string) http.Header {
	return http.Header{"Traceparent": {"00-" + trace + "-00f067aa0ba902b7-01"}}
}

// carries ends the check where the traceparent of who is not of the trace.
func (d *door) carries(who string, header http.Header, trace string) {
	d.s.Helper()
	values := header.Values("Traceparent")
	if len(values) != 1 || traceOf(values[0]) != trace {
		d.notYet(check.Finding{Say: fmt.Sprintf("The client's trace does not go on in %s.", who), Got: fmt.Sprintf("traceparent: %s", strings.Join(values, ", ")), Want: fmt.Sprintf("traceparent: 00-%s-…-01", trace),
			At: "gateway/trace.go", Next: "Keep the trace id of a valid traceparent, for the services and for the answer."})
	}
}

// A client's trace goes on in the services and in the answer.
func TestStep05_TraceGoesOn(t *testing.T) {
	t.Parallel()
	s := open(t)
	d, parts := s.whole()
	for name, path := range map[string]string{"order": "/orders/7", "product": "/products/lamp", "delivery": "/deliveries/7"} {
		trace := newTrace()
		got := d.ask(http.MethodGet, path, in(trace), "")
		if parts[name].last() == nil {
			d.notYet(nowhere(name, path))
		}
		d.carries("the request to "+name, parts[name].last().Header, trace)
		d.carries("the answer", got.header, trace)
	}
	trace := newTrace()
	got := d.ask(http.MethodGet, "/page/lamp-2-K4F7Q2", in(trace), "")
	d.carries("the answer to a page", got.header, trace)
	for name, b := range parts {
		d.carries("the page's request to "+name, b.last().Header, trace)
	}
}

// A request without a valid traceparent begins a trace of its own.
func TestStep05_TraceBegins(t *testing.T) {
	t.Parallel()
	s := open(t)
	d, parts := s.whole()
	seen := map[string]bool{}
	var traces, parents []string
	zero := strings.Repeat("0", 32)
	for _, claimed := range []string{
		"", "", "hello", "00-" + zero + "-00f067aa0ba902b7-01", "00-" + newTrace() + "-0000000000000000-01", "00-" + strings.ToUpper(newTrace()[:31]) + "G-00f067aa0ba902b7-01",
		"00-" + newTrace()[:30] + "-00f067aa0ba902b7-01", "ff-" + newTrace() + "-00f067aa0ba902b7-01", "00-" + newTrace() + "-00f067aa0ba902b7",
		"00-" + newTrace() + "-00f067aa0ba902b7-01-x", "00-AB" + strings.ToUpper(newTrace()[2:]) + "-00f067aa0ba902b7-01",
	} {
		header := http.Header{}
		if claimed != "" {
			header.Set("traceparent", claimed)
		}
		got := d.ask(http.MethodGet, "/orders/7", header, "")
		if parts["order"].last() == nil {
			d.notYet(nowhere("order", "/orders/7"))
		}
		passed, answered := parts["order"].last().Header.Get("traceparent"), got.header.Get("traceparent")
		trace := traceOf(passed)
		if trace == "" || traceOf(answered) != trace || seen[trace] || claimed != "" && strings.Contains(strings.ToLower(claimed), trace) {
			d.notYet(check.Finding{
				Say: "A request without a valid traceparent does not get a trace of its own.", Got: fmt.Sprintf("client: %q, service: %q, answer: %q", claimed, passed, answered),
				Want: "00-(32 hex digits)-(16 hex digits)-01, the same trace for the service and the answer, another one for each request", At: "gateway/trace.go",
				Next: "Where the header is missing, or is not version 00 with ids that are not all zeros, make both ids at random.",
			})
		}
		seen[trace] = true
		traces, parents = append(traces, trace), append(parents, traceparent.FindStringSubmatch(passed)[2])
	}
	for what, ids := range map[string][]string{"trace id": traces, "parent id": parents} {
		for i, id := range ids[1:] {
			if same := alike(id, ids[i]); same > len(id)*3/5 {
				d.notYet(check.Finding{Say: fmt.Sprintf("A new trace has a %s that is not at random.", what), Got: ids[i] + " and then " + id, Want: "ids of which nobody can guess the next one",
					At: "gateway/trace.go", Next: "Fill all bytes of both ids from crypto/rand."})
			}
		}
	}
}

// alike is in how many places two ids of one length have the same digit: about
// one in 16 where they are at random.
func alike(a, b string) (same int) {
	for i := range a {
		if a[i] == b[i] {
			same++
		}
	}
	return same
}

// Requests at the same time do not get each other's trace.
func TestStep05_TracesDoNotMix(t *testing.T) {
	t.Parallel()
	s := open(t)
	d, parts := s.whole()
	var asking sync.WaitGroup
	wrong := make(chan string, 1)
	say := func(what string) {
		select {
		case wrong <- what:
		default:
		}
	}
	for i := range 24 {
		asking.Go(func() {
			for range 15 {
				trace := newTrace()
				path := "/orders/" + trace
				if i%4 == 0 {
					path = "/page/" + trace
				}
				if got := d.try(http.MethodGet, path, in(trace), ""); got == nil || traceOf(got.header.Get("Traceparent")) != trace {
					say(fmt.Sprintf("the answer to %s: %s", trace, got))
				}
			}
		})
	}
	asking.Wait()
	for name, b := range parts {
		b.mu.Lock()
		for _, r := range b.seen {
			if header := r.Header.Get("Traceparent"); !strings.HasSuffix(r.URL.Path, "/"+traceOf(header)) {
				say(fmt.Sprintf("%s gets %s for %s", name, header, r.URL.Path))
			}
		}
		b.mu.Unlock()
	}
	select {
	case got := <-wrong:
		d.notYet(check.Finding{Say: "Among many requests at once, one has the trace of another.", Got: got, Want: "each with its own",
			At: "gateway/trace.go", Next: "Keep the trace with its request, in a header or its context: handlers run at the same time."})
	default:
	}
}

// An answer has one traceparent, also where the service gives one of its own.
func TestStep05_AnswerHasOneTrace(t *testing.T) {
	t.Parallel()
	s := open(t)
	d, parts := s.whole()
	parts["order"].answers(func(w http.ResponseWriter, r *http.Request) {
		w.Header()["Traceparent"] = []string{"00-" + newTrace() + "-00f067aa0ba902b7-01"}
		parts["order"].fine(w, r)
	})
	trace := newTrace()
	d.carries("the answer of a service that has a traceparent in it", d.ask(http.MethodGet, "/orders/7", in(trace), "").header, trace)
}

// The log of the gateway has a line for each request, whoever answered it.
func TestStep05_EachRequestIsLogged(t *testing.T) {
	t.Parallel()
	s := open(t)
	d, parts := s.whole()
	parts["product"].die()
	for _, path := range []string{"/orders/7", "/nothing", "/products/lamp", "/page/lamp-2-K4F7Q2"} {
		trace := newTrace()
		got := d.ask(http.MethodGet, path, in(trace), "")
		logged := func() bool {
			return strings.Contains(strings.Join(d.program.Lines(), "\n"), trace) || strings.Contains(d.output(), trace)
		}
		if !s.Within(soon, logged) {
			d.notYet(check.Finding{Say: fmt.Sprintf("GET %s is not in the log of the gateway with its trace.", path), Got: fmt.Sprintf("no line with %s, answered %d", trace, got.status), Want: "a line for each request, with its trace",
				At: "gateway/trace.go", Next: "Log each request, whoever has answered it and whatever the status."})
		}
	}
}

// An answer that no service gave has the trace, too.
func TestStep05_ErrorsHaveATraceToo(t *testing.T) {
	t.Parallel()
	s := open(t)
	d, parts := s.whole()
	parts["product"].die()
	for _, path := range []string{"/nothing", "/products/lamp"} {
		trace := newTrace()
		d.carries("the answer to GET "+path, d.ask(http.MethodGet, path, in(trace), "").header, trace)
	}
}

// The trace is in the log of the gateway, and of the service that answered.
func TestStep05_EachLogHasTheTrace(t *testing.T) {
	t.Parallel()
	s := open(t)
	d := s.sandbox()
	d.eventually(later, func() *check.Finding {
		trace := newTrace()
		got := d.ask(http.MethodGet, "/orders/lamp-2-K4F7Q2", in(trace), "")
		if got.status != http.StatusOK {
			return &check.Finding{Say: "order is not reached through the sandbox's gateway.", Got: got, Want: 200, At: "gateway/registry.go", Next: "Look whether order has registered."}
		}
		for _, part := range []string{"gateway", got.instance()} {
			logged := func() bool { return strings.Contains(strings.Join(s.Logged(part, 200), "\n"), trace) }
			if !s.Within(time.Second, logged) {
				return &check.Finding{Say: fmt.Sprintf("A request's trace is not in the log of %s.", part), Got: "no line with " + trace, Want: "a line for each request, with its trace",
					At: "gateway/trace.go", Next: "Log each request with its traceparent, when it has been answered; services log what they are sent."}
			}
		}
		return nil
	})
}
