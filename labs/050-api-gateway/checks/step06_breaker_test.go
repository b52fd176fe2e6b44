//go:build lab

package checks

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"testing"
	"time"

	"cnalab/labs/check"
)

// A client that goes away during the probe settles nothing: the breaker is not closed, and does not stay open for ever.
func TestStep06_ClientLeavesTheProbe(t *testing.T) {
	t.Parallel()
	s := open(t)
	product := s.backend("product", 1)
	d := s.door(product)
	product.answers(status(http.StatusServiceUnavailable))
	for range 5 {
		d.get("/products/lamp")
	}
	held := s.hold(product, product.fine)
	d.eventually(later, func() *check.Finding {
		ctx, cancel := context.WithCancel(s.Context)
		defer cancel()
		done := make(chan struct{})
		go func() {
			defer close(done)
			_, _ = d.send(ctx, http.MethodGet, "/products/lamp", nil, "")
		}()
		select {
		case <-held.arrived: // and its client goes
			cancel()
			<-done
			return nil
		case <-done:
			return &check.Finding{Say: "The breaker stays open: a second and more later no request reaches product.", Got: "no call", Want: "one, as a probe",
				At: "gateway/breaker.go", Next: "Let one call through when the breaker has been open for a second."}
		}
	})
	s.await(soon, held.gone, check.Finding{Say: "The client has gone, and the call to product goes on.", Got: "its context has not ended", Want: "it ends when the client goes",
		At: "gateway/send.go", Next: "Make each call with the context of the client's request.", Output: d.output()})
	product.answers(status(http.StatusServiceUnavailable))
	begun, before := time.Now(), product.calls()
	for range 10 {
		d.get("/products/lamp")
	}
	d.few(product, before, 1+probes(begun), 10, "The client of the probe has gone before product answered, and the breaker is closed.")
	product.answers(product.fine)
	d.eventually(later, func() *check.Finding {
		if got := d.get("/products/lamp"); got.status != http.StatusOK {
			return &check.Finding{Say: "The client of the probe has gone, and product is never asked again.", Got: got, Want: "another probe, and 200", At: "gateway/breaker.go",
				Next: "A probe whose client has gone has ended, too: let another one through."}
		}
		return nil
	})
}

// What began before the breaker opened and ends afterwards is no probe.
func TestStep06_LateResultsDoNotCount(t *testing.T) {
	t.Parallel()
	s := open(t)
	product := s.backend("product", 1)
	d := s.door(product)
	d.get("/products/lamp")
	held := s.hold(product, product.fine)
	late := make(chan *reply, 1)
	go func() { late <- d.try(http.MethodPost, "/products/lamp", nil, "") }()
	s.await(soon, held.arrived, nowhere("product", "/products/lamp"))
	product.answers(status(http.StatusServiceUnavailable))
	begun := time.Now()
	for range 5 {
		d.get("/products/lamp")
	}
	close(held.release)
	<-late
	before := product.calls()
	for range 10 {
		d.get("/products/lamp")
	}
	d.few(product, before, int(time.Since(begun)/(900*time.Millisecond)), 10, "The breaker is open, a call that began before succeeds, and requests reach product.")
}

// A service that fails again and again is left alone, asked by one probe, and used again when that succeeds. The others notice nothing.
func TestStep06_BreakerOpensAndCloses(t *testing.T) {
	t.Parallel()
	s := open(t)
	d, parts := s.whole()
	product := parts["product"]
	if got := d.get("/products/lamp"); got.status != http.StatusOK {
		d.notYet(nowhere("product", "/products/lamp"))
	}
	product.answers(status(http.StatusInternalServerError))
	begun, before := time.Now(), product.calls()
	for range 20 {
		d.get("/products/lamp")
	}
	d.few(product, before, 5+int(time.Since(begun)/(900*time.Millisecond)), 20, "product fails each time, and gets more than the five calls after which the breaker opens.")

	// open
	calls := d.opened(product)
	for range 10 {
		got := d.get("/products/lamp")
		var told struct{ Service string }
		if got.status != http.StatusServiceUnavailable || !got.json(&told) || told.Service != "product" || !isTime(got.header.Get("Retry-After")) {
			d.notYet(check.Finding{Say: "The breaker is open, and the answer does not say so as the step asks.", Got: fmt.Sprintf("%s; Retry-After: %q", got, got.header.Get("Retry-After")),
				Want: `503 with {"error": "…", "service": "product"} and the header Retry-After`, At: "gateway/proxy.go", Next: "Know the breaker's own error in ErrorHandler."})
		}
		if got := d.get("/orders/7"); got.status != http.StatusOK {
			d.notYet(check.Finding{Say: "The breaker of product is open, and a request for order fails.", Got: got, Want: 200, At: "gateway/routes.go", Next: "Give each service a breaker of its own."})
		}
	}
	for range 5 {
		d.lacks(d.page("lamp-2-K4F7Q2"), "The breaker of product is open, and the page does not say that its part is missing.", "product")
	}
	d.few(product, calls.before, probes(calls.since), 15, "The breaker is open, and requests reach product, for itself or for a page.")

	// half-open: the probe fails, then it succeeds
	rest := d.probe(product, status(http.StatusServiceUnavailable), calls.since)
	calls = d.opened(product)
	for range 10 {
		d.get("/products/lamp")
	}
	d.few(product, calls.before, probes(calls.since), 10, "The probe has failed, and requests reach product: the breaker is not open again.")
	if rest = min(rest, d.probe(product, product.fine, calls.since)); rest > 2*time.Second {
		d.notYet(check.Finding{Say: "The breaker is open for much longer than a second before it lets a probe through.", Got: fmt.Sprintf("%.1f s", rest.Seconds()), Want: "1 s",
			At: "gateway/breaker.go", Next: "Let one call through when the breaker has been open for a second."})
	}

	// closed
	d.eventually(soon, func() *check.Finding {
		if got := d.get("/products/lamp"); got.instance() != product.name {
			return &check.Finding{Say: "The probe has succeeded, and product is not used again.", Got: got, Want: "the answer of product-1", At: "gateway/breaker.go", Next: "Close the breaker when the probe succeeds."}
		}
		return nil
	})
	product.answers(product.failsMarked)
	for range 4 { // are not five in a row
		d.ask(http.MethodPost, "/products/lamp", http.Header{mark: {"1"}}, "")
	}
	before = product.calls()
	for range 10 {
		d.get("/products/lamp")
	}
	if now := product.calls(); now != before+10 {
		d.notYet(check.Finding{Say: "The breaker is closed again, and not every request reaches product.", Got: fmt.Sprintf("%d of 10", now-before), Want: "10 of 10", At: "gateway/breaker.go", Next: "Forget the failures when the probe succeeds."})
	}
	for range 3 {
		before = product.calls()
		d.ask(http.MethodGet, "/products/lamp", http.Header{mark: {"1"}}, "")
		if now := product.calls(); now != before+2 {
			d.notYet(check.Finding{Say: "The breaker is closed again, and a GET that fails is not tried a second time.", Got: fmt.Sprintf("%d calls", now-before), Want: "2 calls", At: "gateway/guard.go",
				Next: "What the breaker turns down is not tried again, and takes nothing from the budget."})
		}
		d.get("/products/lamp") // so that the breaker stays closed
	}
}

// isTime reports whether a header says when to come again: in so many seconds,
// or at a time.
func isTime(value string) bool {
	_, wrong := strconv.ParseUint(value, 10, 32)
	_, other := http.ParseTime(value)
	return wrong == nil || other == nil
}

// count is how many calls there were at a time.
type count struct {
	before int
	since  time.Time
}

// opened waits until a request is turned down without a call: the breaker is open now.
func (d *door) opened(b *backend) (c count) {
	d.s.Helper()
	d.eventually(soon, func() *check.Finding {
		c = count{b.calls(), time.Now()}
		d.get("/products/lamp")
		if b.calls() > c.before {
			return &check.Finding{Say: "product fails each time, and requests still reach it: the breaker is not open.", Got: "a call for each request", Want: "none for a second",
				At: "gateway/breaker.go", Next: "Count the failures in a row, and let no calls through after five."}
		}
		return nil
	})
	return c
}

// probes is how many calls an open breaker may have let through since then: one
// a second, and nobody knows when the second began.
func probes(since time.Time) int { return 1 + int(time.Since(since)/(900*time.Millisecond)) }

// few ends the check where more calls have come than may have.
func (d *door) few(b *backend, before, most, requests int, say string) {
	d.s.Helper()
	if calls := b.calls() - before; calls > most {
		d.notYet(check.Finding{Say: say, Got: fmt.Sprintf("%d calls for %d requests", calls, requests), Want: fmt.Sprintf("%d at most", most),
			At: "gateway/breaker.go", Next: "After five failures in a row let no call through for a second, and then one."})
	}
}

// probe waits for the one call that a half-open breaker lets through, and ends
// it so. It returns how long after the breaker was seen open that call came.
func (d *door) probe(b *backend, then http.HandlerFunc, open time.Time) (rest time.Duration) {
	d.s.Helper()
	held := d.s.hold(b, then)
	before := b.calls()
	answered := make(chan *reply, 1000)
	d.eventually(later, func() *check.Finding {
		go func() { answered <- d.try(http.MethodGet, "/products/lamp", nil, "") }()
		select {
		case <-held.arrived:
			rest = time.Since(open)
			return nil
		case <-answered:
			return &check.Finding{Say: "The breaker stays open: a second and more later no request reaches product.", Got: "no call", Want: "one, as a probe",
				At: "gateway/breaker.go", Next: "Let one call through when the breaker has been open for a second."}
		}
	})
	for range 8 { // while nobody knows how it ends
		if got := d.get("/products/lamp"); got.status != http.StatusServiceUnavailable {
			d.notYet(check.Finding{Say: "A probe is under way, and another request is not turned down.", Got: got, Want: 503, At: "gateway/breaker.go", Next: "In the half-open state let one call through, and turn down all others."})
		}
	}
	if calls := b.calls() - before; calls > 1 {
		d.notYet(check.Finding{Say: "The breaker is half-open, and lets more than one probe through.", Got: fmt.Sprintf("%d calls", calls), Want: "1 call",
			At: "gateway/breaker.go", Next: "Remember that a probe is under way until it has ended."})
	}
	close(held.release)
	<-answered
	b.answers(then)
	return rest
}

// What a client did wrong, and a client that goes away, open no breaker.
func TestStep06_ClientsOpenNoBreaker(t *testing.T) {
	t.Parallel()
	s := open(t)
	product := s.backend("product", 1)
	d := s.door(product)
	product.answers(status(http.StatusNotFound))
	for range 15 {
		d.get("/products/nothing")
	}
	held := s.hold(product, product.fine)
	for range 8 {
		ctx, cancel := context.WithCancel(s.Context)
		done := make(chan struct{})
		go func() {
			defer close(done)
			_, _ = d.send(ctx, http.MethodGet, "/products/lamp", nil, "")
		}()
		s.await(soon, held.arrived, check.Finding{Say: "Nothing is wrong with product, and a request does not reach it: 404, and clients that go away, have opened the breaker.", Got: "no call", Want: "the request",
			At: "gateway/guard.go", Next: "Count as failures: no answer, and 5xx; not 4xx, and not a client whose context has ended.", Output: d.output()})
		cancel()
		<-done
	}
	product.answers(product.fine)
	for range 6 {
		d.breaksOff("POST /products/lamp HTTP/1.1\r\nHost: shop\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n12\r\n" + noLength)
	}
	if got := d.get("/products/lamp"); got.status != http.StatusOK {
		d.notYet(check.Finding{Say: "Clients went away before product had answered, and a request is turned down.", Got: got, Want: 200, At: "gateway/guard.go", Next: "Do not count a client that has gone as a failure of the service."})
	}
}
