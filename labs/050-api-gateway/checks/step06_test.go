//go:build lab

package checks

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"cnalab/labs/check"
)

// bound is how long a client waits at most, two tries and all: the tries of
// the step take half a second each.
const bound = 3 * time.Second

// An instance that hangs holds nobody up: a GET is answered by the other one.
func TestStep06_HangingInstance(t *testing.T) {
	t.Parallel()
	s := open(t)
	one, two := s.backend("order", 1), s.backend("order", 2)
	d := s.door(one, two)
	s.hold(two, two.fine)
	var slowest time.Duration
	for range 6 {
		begun := time.Now()
		ctx, cancel := context.WithTimeout(s.Context, bound)
		got, err := d.send(ctx, http.MethodGet, "/orders/7", nil, "")
		cancel()
		slowest = max(slowest, time.Since(begun))
		if err != nil || got.instance() != one.name {
			d.notYet(check.Finding{Say: "One of two instances hangs, and a GET is not answered by the other one.", Got: fmt.Sprintf("%s after %.1f s", got, time.Since(begun).Seconds()), Want: "the answer of order-1, a try of 500 ms later",
				At: "gateway/send.go", Next: "Give each try a time-out of its own, and try a GET again."})
		}
	}
	if two.calls() == 0 {
		d.notYet(check.Finding{Say: "order-2 gets no requests, so that nothing shows what happens where it hangs.", Got: 0, Want: "its share", At: "gateway/pool.go", Next: "Share the requests between the instances."})
	}
}

// Where nobody answers in time the client is told, and a POST has been sent once.
func TestStep06_TooLateIsTold(t *testing.T) {
	t.Parallel()
	s := open(t)
	order := s.backend("order", 1)
	d := s.door(order)
	d.get("/orders/7")
	held := s.hold(order, order.fine)
	before := order.calls()
	ctx, cancel := context.WithTimeout(s.Context, bound)
	defer cancel()
	got, err := d.send(ctx, http.MethodPost, "/orders", nil, `{"sku": "lamp"}`)
	var told struct{ Service string }
	if err != nil || !unavailable(got.status) || !got.json(&told) || told.Service != "order" {
		d.notYet(check.Finding{Say: "order hangs, and a client that posts an order is not told within the time of a try.", Got: got, Want: `504 (or 502, 503) and {"error": "…", "service": "order"}`,
			At: "gateway/send.go", Next: "Give each try a time-out: ResponseHeaderTimeout of the Transport is one."})
	}
	if calls := order.calls() - before; calls != 1 {
		d.notYet(check.Finding{Say: "order hangs, and one POST is sent more than once: the order may be placed each time.", Got: fmt.Sprintf("%d POSTs", calls), Want: "1 POST", At: "gateway/guard.go", Next: "Try again only what does the same once or twice: GET and HEAD."})
	}
	s.await(soon, held.gone, check.Finding{Say: "The client was told that order is late, and the call goes on.", Got: "its context has not ended", Want: "it ends with the try",
		At: "gateway/send.go", Next: "End the try where its time is over, and do not only stop waiting.", Output: d.output()})
}

// A GET that fails is tried once more; what changes something is tried once.
func TestStep06_OnlyWhatMayBeRepeated(t *testing.T) {
	t.Parallel()
	s := open(t)
	one, two := s.backend("order", 1), s.backend("order", 2)
	d := s.door(one, two)
	one.answers(one.failsMarked)
	two.answers(two.failsMarked)
	for _, method := range []string{"POST", "PUT", "PATCH", "DELETE", "GET", "HEAD"} {
		d.get("/orders/7") // so that no breaker opens
		d.get("/orders/7")
		before := total(one, two)
		got := d.ask(method, "/orders/7", http.Header{mark: {"1"}}, "")
		calls, most, say := total(one, two)-before, 1, fmt.Sprintf("A %s that fails is sent again: it may have been done already.", method)
		if method == "GET" || method == "HEAD" {
			most, say = 2, fmt.Sprintf("A %s that fails is not tried once more, or more often than that.", method)
		}
		if calls != most || got.status != http.StatusServiceUnavailable {
			d.notYet(check.Finding{Say: say, Got: fmt.Sprintf("%d requests, and %s", calls, got), Want: fmt.Sprintf("%d, and the 503 of the service", most), At: "gateway/guard.go",
				Next: "Try GET and HEAD a second time where there is no answer or a 5xx, and nothing else; and see that the breaker counts failures in a row alone."})
		}
	}
	for range 2 {
		d.get("/orders/7")
	}
	if got := d.ask(http.MethodGet, "/orders/7", http.Header{mark: {"1"}}, `{"sku": "lamp"}`); got.status != http.StatusServiceUnavailable {
		d.notYet(check.Finding{Say: "A GET with a body fails, and the client does not get what the service answers.", Got: got, Want: "the 503 of the service", At: "gateway/guard.go",
			Next: "The first try has read the body. Send it again whole, or do not try again."})
	}
	failures := 1
	once := func(b *backend) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			b.mu.Lock()
			fails := failures > 0
			failures--
			b.mu.Unlock()
			if fails {
				w.WriteHeader(http.StatusBadGateway)
				return
			}
			b.fine(w, r)
		}
	}
	one.answers(once(one))
	two.answers(two.fine)
	for range 2 { // the one that fails is one's first
		if got := d.get("/orders/7"); got.status != http.StatusOK {
			d.notYet(check.Finding{Say: "The first try of a GET fails, a second one would not, and the client gets the failure.", Got: got, Want: 200, At: "gateway/guard.go", Next: "Answer with what the second try brings."})
		}
	}
}

// Retries add a tenth to the requests at most, and ten more.
func TestStep06_RetriesHaveABudget(t *testing.T) {
	t.Parallel()
	s := open(t)
	one, two, product := s.backend("order", 1), s.backend("order", 2), s.backend("product", 1)
	d := s.door(one, two, product)
	for _, b := range []*backend{one, two, product} {
		b.answers(b.failsMarked)
	}
	for i := range 200 {
		header := http.Header{}
		if i%2 == 0 { // half of them fail, and no five in a row
			header.Set(mark, "1")
		}
		d.ask(http.MethodGet, "/orders/7", header, "")
		requests, calls := i+1, total(one, two)
		if most := requests + requests/10 + 10; calls > most {
			d.notYet(check.Finding{Say: "Half of the requests fail, and the retries are more than a tenth of all requests and ten more.", Got: fmt.Sprintf("%d calls for %d requests", calls, requests), Want: fmt.Sprintf("%d at most", most),
				At: "gateway/budget.go", Next: "Let each request earn a tenth of a retry, and each retry take one."})
		}
		least := 0
		switch requests {
		case 25:
			least = 25 + 12 // 13 have failed, and there are ten retries and what 25 requests have earned
		case 200:
			least = 200 + 10 + 10 // and at least half of what was earned
		}
		if calls < least {
			d.notYet(check.Finding{Say: "Half of the requests fail, and there are fewer retries than the budget has.", Got: fmt.Sprintf("%d calls for %d requests", calls, requests), Want: fmt.Sprintf("%d at least", least),
				At: "gateway/budget.go", Next: "Begin with ten retries, and let each request earn a tenth of one."})
		}
	}
	before := product.calls()
	const others = 4
	for range others {
		d.get("/products/lamp") // so that no breaker opens
		d.ask(http.MethodGet, "/products/lamp", http.Header{mark: {"1"}}, "")
	}
	if calls := product.calls() - before; calls < 3*others {
		d.notYet(check.Finding{Say: "order has used up its retries, and a GET for product that fails is not tried again.", Got: fmt.Sprintf("%d calls for %d requests, of which half fail", calls, 2*others), Want: 3 * others,
			At: "gateway/budget.go", Next: "Give each service a budget of its own."})
	}
}

// The time of a try ends where the answer begins: how long its body takes is another matter.
func TestStep06_LongAnswersAreNotCut(t *testing.T) {
	t.Parallel()
	s := open(t)
	order := s.backend("order", 1)
	d := s.door(order)
	d.get("/orders/7")
	order.answers(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, "begun, ")
		_ = http.NewResponseController(w).Flush()
		select {
		case <-time.After(800 * time.Millisecond):
			fmt.Fprint(w, "ended")
		case <-r.Context().Done():
		}
	})
	var got *reply
	for range 3 { // a busy machine may hold up one of them
		if got = d.try(http.MethodGet, "/orders/7", nil, ""); got != nil && string(got.body) == "begun, ended" {
			return
		}
	}
	d.notYet(check.Finding{Say: "order begins its answer at once and ends it after 800 ms, and the client does not get it whole.", Got: got, Want: "begun, ended",
		At: "gateway/send.go", Next: "The 500 ms are for the beginning of the answer: stop the time-out there, and leave the context of the call alone until the body has been read."})
}

// In the sandbox both instances of product are killed: it is named, the others answer, and it is used again when it is back.
func TestStep06_ProductIsDeadInTheSandbox(t *testing.T) {
	s := open(t)
	d := s.sandbox()
	one, two := s.Fault("product-1"), s.Fault("product-2")
	d.reaches("/products/lamp", "product-1", "product-2")
	d.reaches("/orders/lamp-2-K4F7Q2", "order-1", "order-2")
	d.pagesAreWhole("lamp-2-K4F7Q2")
	one.Kill()
	two.Kill()
	for range 8 {
		d.named("product", "/products/lamp")
		if got := d.get("/orders/lamp-2-K4F7Q2"); got.status != http.StatusOK {
			d.notYet(check.Finding{Say: "product is killed, and a request for order fails.", Got: got, Want: 200, At: "gateway/routes.go", Next: "Give each service a breaker of its own."})
		}
	}
	if p := d.page("lamp-2-K4F7Q2"); !slices.Equal(p.Missing, []string{"product"}) {
		d.notYet(check.Finding{Say: "product is killed, and the page does not say that its part is missing.", Got: fmt.Sprintf("missing: %q", p.Missing), Want: `missing: ["product"]`, At: "gateway/page.go", Next: "A call that the breaker turns down is a part that is missing."})
	}
	one.Heal()
	two.Heal()
	d.reaches("/products/lamp", "product-1", "product-2")
}
