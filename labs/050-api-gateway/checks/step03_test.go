//go:build lab

package checks

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"cnalab/labs/check"
)

// An instance that registers gets requests at once, without a restart of the gateway.
func TestStep03_NewInstanceGetsRequests(t *testing.T) {
	t.Parallel()
	s := open(t)
	one, two, third := s.backend("order", 1), s.backend("order", 2), s.backend("order", 9)
	d := s.unregistered()
	d.named("order", "/orders/7")
	for _, b := range []*backend{one, two, third} {
		d.accepts(b, time.Minute) // the longest that has to be accepted
		before := b.calls()
		for range 9 {
			d.get("/orders/7")
		}
		if b.calls() == before {
			d.notYet(check.Finding{Say: fmt.Sprintf("%s has registered, and gets no requests.", b.name), Got: "0 of 9", Want: "its share",
				At: "gateway/registry.go", Next: "Add the instance to those that the requests are shared between, before you answer."})
		}
	}
	if got := d.get("/products/lamp"); got.status/100 == 2 {
		d.notYet(check.Finding{Say: "Only order's instances have registered, and a request for product is answered.", Got: got, Want: "503", At: "gateway/registry.go", Next: "Keep the instances of each service apart."})
	}
}

// The addresses of the environment are not used any more: who has not registered gets nothing.
func TestStep03_NobodyElseIsAsked(t *testing.T) {
	t.Parallel()
	s := open(t)
	order, product := s.backend("order", 1), s.backend("product", 1)
	d := s.unregistered(order, product)
	d.accepts(product, longTerm)
	d.named("order", "/orders/7")
	if order.calls() > 0 {
		d.notYet(check.Finding{Say: "order-1 has not registered, and gets a request.", Got: order.calls(), Want: 0, At: "gateway/main.go", Next: "Do not read SERVICE_ORDER any more."})
	}
}

// A lease that is not renewed ends, and the instance gets no more requests. One that is renewed goes on.
func TestStep03_LeaseEnds(t *testing.T) {
	t.Parallel()
	s := open(t)
	one, two := s.backend("order", 1), s.backend("order", 2)
	d := s.unregistered()
	first := time.Now()
	d.accepts(one, longTerm)
	const lease = time.Second
	share := func() int { // of 6 requests
		before := two.calls()
		for range 6 {
			d.get("/orders/7")
		}
		return two.calls() - before
	}
	var sent, answered time.Time // when the lease was renewed
	renew := func() {
		sent = time.Now()
		d.accepts(two, lease)
		answered = time.Now()
	}
	for begun := time.Now(); time.Since(begun) < lease*3/2; {
		renew()
		if share() == 0 && time.Since(sent) < lease {
			d.notYet(check.Finding{Say: "An instance has renewed its lease a moment ago, and gets no requests.", Got: "0 of 6", Want: "its share",
				At: "gateway/pool.go", Next: "A second PUT makes the lease longer: it ends lease_ms after the last PUT."})
		}
	}
	renew()
	still := func(after time.Duration) {
		d.notYet(check.Finding{Say: "An instance has not renewed its lease, and still gets requests.", Got: fmt.Sprintf("after %.1f s", after.Seconds()), Want: fmt.Sprintf("none after %s", lease),
			At: "gateway/pool.go", Next: "Keep when each lease ends, in milliseconds, and look at it before you choose an instance."})
	}
	s.Within(3*lease, func() bool {
		asked := time.Since(answered)
		if share() > 0 {
			if asked > lease*3/2 {
				still(asked)
			}
			return false
		}
		if ended := time.Since(sent); ended < lease {
			d.notYet(check.Finding{Say: "An instance loses its place before its lease ends.", Got: fmt.Sprintf("after %d ms", ended.Milliseconds()), Want: fmt.Sprintf("after %d ms", lease.Milliseconds()),
				At: "gateway/registry.go", Next: "lease_ms is in milliseconds."})
		}
		return true
	})
	if share() > 0 {
		still(time.Since(answered))
	}
	before := one.calls()
	for range 20 {
		d.get("/orders/7")
	}
	if since := time.Since(first); since < longTerm && one.calls() == before {
		d.notYet(check.Finding{Say: fmt.Sprintf("An instance has a lease of %s, and loses its place before that ends.", longTerm), Got: fmt.Sprintf("no requests after %.1f s", since.Seconds()), Want: "its share",
			At: "gateway/registry.go", Next: "A lease is as long as its lease_ms says."})
	}
	d.accepts(two, lease)
	if share() == 0 {
		d.notYet(check.Finding{Say: "An instance whose lease had ended registers again, and gets no requests.", Got: "0 of 6", Want: "its share",
			At: "gateway/pool.go", Next: "Let an instance register again, as often as it likes."})
	}
}

// An instance that leaves gets nothing from then on, and what it was answering is answered.
func TestStep03_LeavesAtOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	one, two := s.backend("order", 1), s.backend("order", 2)
	d := s.unregistered()
	d.accepts(two, longTerm)
	held := s.hold(two, two.fine)
	answered := make(chan *reply, 1)
	go func() { answered <- d.try(http.MethodGet, "/orders/7", nil, "") }()
	s.await(soon, held.arrived, check.Finding{Say: "order-2 has registered, and a request does not reach it.", Want: "the request", At: "gateway/registry.go",
		Next: "Add the instance to those that the requests are shared between, before you answer.", Output: d.output()})
	d.accepts(one, longTerm)
	if got := d.leaves(two, token); got == nil || got.status != http.StatusNoContent {
		d.notYet(check.Finding{Say: "The gateway does not let an instance leave.", Got: got, Want: "204", At: "gateway/registry.go", Next: "Answer DELETE /registry/SERVICE/INSTANCE with the token."})
	}
	before := two.calls()
	for range 12 {
		if got := d.get("/orders/7"); got.status != http.StatusOK {
			d.notYet(check.Finding{Say: "order-2 has left, and a request fails though order-1 is there.", Got: got, Want: 200, At: "gateway/pool.go", Next: "Share the requests between those that are registered."})
		}
	}
	if two.calls() > before {
		d.notYet(check.Finding{Say: "order-2 has left, and still gets requests.", Got: fmt.Sprintf("%d of 12", two.calls()-before), Want: 0, At: "gateway/registry.go",
			Next: "Take the instance out before you answer the DELETE; do not wait for the end of its lease."})
	}
	close(held.release)
	if got := <-answered; got == nil || got.status != http.StatusOK {
		d.notYet(check.Finding{Say: "order-2 left while it was answering a request, and the client does not get its answer.", Got: got, Want: 200, At: "gateway/registry.go",
			Next: "Let requests end that are under way: only new ones go elsewhere."})
	}
}

// Without the token nobody registers, and nobody is taken out.
func TestStep03_OnlyServicesRegister(t *testing.T) {
	t.Parallel()
	s := open(t)
	one, two := s.backend("order", 1), s.backend("order", 2)
	d := s.unregistered()
	d.accepts(one, longTerm)
	refused := func(got *reply, secret, what string) {
		if got == nil || got.status != http.StatusUnauthorized && got.status != http.StatusForbidden {
			d.notYet(check.Finding{Say: fmt.Sprintf("Somebody from outside %s, and is not refused.", what), Got: fmt.Sprintf("%s for Authorization: %q", got, bearer(secret).Get("Authorization")), Want: "401",
				At: "gateway/registry.go", Next: "Compare the header Authorization with Bearer and the value of REGISTRY_TOKEN, for PUT and for DELETE."})
		}
	}
	for _, secret := range []string{"", "wrong", token + "x", token[:len(token)-1]} {
		refused(d.register("order", two.name, two.url(), longTerm, secret), secret, "registers an instance")
		refused(d.leaves(one, secret), secret, "takes an instance out")
	}
	for range 6 {
		d.get("/orders/7")
	}
	if two.calls() > 0 || one.calls() != 6 {
		d.notYet(check.Finding{Say: "What somebody from outside asked was refused, and done.", Got: fmt.Sprintf("%d requests at order-1, %d at order-2", one.calls(), two.calls()), Want: "6 and 0",
			At: "gateway/registry.go", Next: "Look at the token before anything else, and return."})
	}
}

// Only the address of an instance that answers for itself is accepted.
func TestStep03_AddressHasToAnswer(t *testing.T) {
	t.Parallel()
	s := open(t)
	one, other, dead := s.backend("order", 1), s.backend("product", 1), s.backend("order", 2)
	d := s.unregistered()
	d.accepts(one, longTerm)
	dead.die()
	silent := s.backend("order", 3)
	silent.name = "" // answers, and does not say who it is
	there, aside := s.backend("order", 5), s.backend("order", 6)
	away := func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, there.url()+"/health", http.StatusFound)
	}
	aside.healthy(away)
	named, sick := s.backend("order", 5), s.backend("order", 7)
	named.healthy(away)
	sick.healthy(status(http.StatusServiceUnavailable))
	for _, wrong := range []struct {
		service, name, url, why string
		lease                   time.Duration
	}{
		{"order", "order-2", dead.url(), "where nobody listens", longTerm},
		{"order", "order-2", other.url(), "where another instance answers", longTerm},
		{"order", "order-2", one.url(), "where another instance is registered", longTerm},
		{"order", "order-3", silent.url(), "where somebody answers who does not say who it is", longTerm},
		{"order", "order-5", aside.url(), "that redirects to the instance", longTerm},
		{"order", "order-5", named.url(), "that redirects to the instance and has its name", longTerm},
		{"order", "order-7", sick.url(), "where the instance answers with 503", longTerm},
		{"order", "order-1", dead.url(), "where nobody listens, for an instance that is registered elsewhere", longTerm},
		{"order", "order-1", other.url(), "where another instance answers, for one that is registered elsewhere", longTerm},
		{"order", "order-2", "ftp://" + one.address, "that is no http address", longTerm},
		{"order", "order-2", "order-2", "that is no address", longTerm},
		{"order", "order-2", "", "that is empty", longTerm},
		{"payment", "order-1", one.url(), "of a service that the shop does not have", longTerm},
		{"order", "order-1", one.url(), "for a lease of 0 ms", 0},
		{"order", "order-1", one.url(), "for a lease of less than 0 ms", -time.Second},
	} {
		if got := d.register(wrong.service, wrong.name, wrong.url, wrong.lease, token); got == nil || got.status/100 != 4 {
			d.notYet(check.Finding{
				Say: fmt.Sprintf("An address %s is registered.", wrong.why), Got: got, Want: "422, or another 4xx", At: "gateway/registry.go",
				Next: "Before you accept a new address, ask it for /health: an instance answers with 2xx, and with its name in the header Instance.",
			})
		}
	}
	hanging := s.backend("order", 8)
	hanging.healthy(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-s.Context.Done():
		}
	})
	if got := d.register("order", hanging.name, hanging.url(), longTerm, token); got == nil || got.status/100 != 4 {
		d.notYet(check.Finding{Say: "An instance is asked for its health and does not answer, and it is not turned down.", Got: got, Want: "422, or another 4xx, within a few seconds", At: "gateway/registry.go",
			Next: "Give the call for /health a time-out."})
	}
	for _, body := range []string{"", "order-2", `["http://127.0.0.1:9"]`, `{"url": 9, "lease_ms": 2000}`} {
		if got := d.try(http.MethodPut, "/registry/order/order-2", bearer(token), body); got == nil || got.status/100 != 4 {
			d.notYet(check.Finding{Say: fmt.Sprintf("A registration whose body is %q is not turned down.", body), Got: got, Want: "422, or another 4xx", At: "gateway/registry.go",
				Next: "Where the body cannot be decoded, say so and return."})
		}
	}
	for range 9 {
		if got := d.get("/orders/7"); got.instance() != one.name {
			d.notYet(check.Finding{Say: "An address was refused, and requests go there, or nowhere.", Got: got, Want: "the answer of order-1", At: "gateway/registry.go", Next: "Refuse before you change anything."})
		}
	}
	if calls := total(other, silent, aside, there, named, sick, hanging); calls > 0 {
		d.notYet(check.Finding{Say: "An address was refused, and gets requests.", Got: calls, Want: 0, At: "gateway/registry.go", Next: "Refuse before you change anything."})
	}
}

// An instance whose lease has ended has a new address, also where it is the old one.
func TestStep03_WhoComesBackIsAskedAgain(t *testing.T) {
	t.Parallel()
	s := open(t)
	one := s.backend("order", 1)
	d := s.unregistered()
	const lease = 300 * time.Millisecond
	d.accepts(one, lease)
	accepted := time.Now()
	one.healthy(status(http.StatusServiceUnavailable))
	s.Within(soon, func() bool { return time.Since(accepted) > 3*lease })
	if got := d.register("order", one.name, one.url(), longTerm, token); got == nil || got.status/100 != 4 {
		d.notYet(check.Finding{Say: "The lease of an instance has ended, it answers 503 for its health, and it is registered again.", Got: got, Want: "422, or another 4xx", At: "gateway/registry.go",
			Next: "An address is known only while its lease lasts. After that ask it for /health again."})
	}
	one.healthy(nil)
	d.accepts(one, longTerm)
	if got := d.get("/orders/7"); got.instance() != one.name {
		d.notYet(check.Finding{Say: "An instance whose lease had ended registers again, and gets no requests.", Got: got, Want: "the answer of order-1",
			At: "gateway/pool.go", Next: "Let an instance register again, as often as it likes."})
	}
}

// An instance that moves to another address is asked there alone.
func TestStep03_InstanceMoves(t *testing.T) {
	t.Parallel()
	s := open(t)
	old, moved := s.backend("order", 1), s.backend("order", 1)
	d := s.unregistered()
	d.accepts(old, longTerm)
	d.accepts(moved, longTerm)
	before := old.calls()
	for range 8 {
		d.get("/orders/7")
	}
	if old.calls() > before || moved.calls() != 8 {
		d.notYet(check.Finding{Say: "order-1 has registered at a new address, and requests still go to the old one.", Got: fmt.Sprintf("%d there, %d at the new one", old.calls()-before, moved.calls()), Want: "0 there, 8 at the new one",
			At: "gateway/pool.go", Next: "An instance has one address: that of its last PUT."})
	}
}

// An instance that takes over the address of one that has gone stands there under its own name.
func TestStep03_AddressIsTakenOver(t *testing.T) {
	t.Parallel()
	s := open(t)
	gone, next := s.backend("order", 1), s.backend("order", 2)
	d := s.unregistered()
	const lease = 300 * time.Millisecond
	d.accepts(gone, lease)
	accepted := time.Now()
	gone.die()
	next.die()
	next.address = gone.address
	s.live(next)
	d.accepts(next, longTerm)
	s.Within(soon, func() bool { return time.Since(accepted) > 3*lease })
	if got := d.get("/orders/7"); got.instance() != next.name {
		d.notYet(check.Finding{Say: "order-2 has registered at an address where order-1 was before, and gets no requests.", Got: got, Want: "the answer of order-2",
			At: "gateway/pool.go", Next: "An instance is its name and its address, and each has a lease of its own."})
	}
	d.leaves(next, token)
	before := next.calls()
	for range 6 {
		d.get("/orders/7")
	}
	if next.calls() > before {
		d.notYet(check.Finding{Say: "order-2 has registered at an address where order-1 was before, and has left, and still gets requests.", Got: fmt.Sprintf("%d of 6", next.calls()-before), Want: 0,
			At: "gateway/pool.go", Next: "An instance is its name and its address, and each has a lease of its own."})
	}
}

// An instance that breaks off what it gets is left out, however often it renews its lease.
func TestStep03_RenewalIsNoCure(t *testing.T) {
	t.Parallel()
	s := open(t)
	one, two := s.backend("order", 1), s.backend("order", 2)
	d := s.unregistered()
	d.accepts(one, longTerm)
	d.accepts(two, longTerm)
	two.answers(breakOff)
	const requests = 40
	begun := time.Now()
	for range requests {
		d.get("/orders/7")
		d.accepts(two, longTerm)
	}
	most := 6 + 2*int(time.Since(begun)/(300*time.Millisecond)) // some ask for its health, and find it well
	if calls := two.calls(); calls > most {
		d.notYet(check.Finding{Say: "order-2 breaks the connection off and renews its lease each time, and still gets its share.", Got: fmt.Sprintf("%d of %d requests", calls, requests), Want: "about one for each second",
			At: "gateway/pool.go", Next: "Let a renewal change the end of the lease alone."})
	}
}

// The sandbox's services register by themselves; one that is stopped under load leaves, and no request is lost.
func TestStep03_ServicesComeAndGo(t *testing.T) {
	s := open(t)
	d := s.sandbox()
	fault := s.Fault("product-2")
	const path = "/products/lamp"
	d.reaches(path, "product-1", "product-2")
	d.reaches("/deliveries/lamp-2-K4F7Q2", "delivery")
	l := d.load(4, path)
	d.runs(l, 40, 0)
	fault.Stop()
	d.runs(l, 100, 0)
	fault.Heal()
	d.reaches(path, "product-2")
	l.end()
	if failed := l.since(time.Time{}); len(failed) > 0 {
		d.notYet(check.Finding{Say: "product-2 was stopped in good order and started again, and requests failed.", Got: fmt.Sprintf("%d of %d, such as: %s", len(failed), l.answered.Load(), failed[0].got), Want: "none",
			At: "gateway/registry.go", Next: "Take an instance out when it sends DELETE; what cannot connect goes to another one."})
	}
}
