//go:build lab

package checks

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"cnalab/labs/check"
)

// Of 400 requests each of two instances gets at least 140, whichever client asks.
func TestStep02_EachInstanceGetsItsShare(t *testing.T) {
	t.Parallel()
	s := open(t)
	orders := []*backend{s.backend("order", 1), s.backend("order", 2)}
	products := []*backend{s.backend("product", 1), s.backend("product", 2)}
	d := s.door(append(orders, products...)...)
	for path, instances := range map[string][]*backend{"/orders/7": orders, "/products/lamp": products} {
		const clients, each = 8, 50
		failed := make(chan string, clients*each)
		var asking sync.WaitGroup
		for range clients {
			asking.Go(func() {
				for range each {
					if got := d.try(http.MethodGet, path, nil, ""); got == nil || got.status != http.StatusOK {
						failed <- got.String()
					}
				}
			})
		}
		asking.Wait()
		if len(failed) > 0 {
			d.notYet(check.Finding{Say: fmt.Sprintf("Both instances are well, and not every GET %s is answered.", path), Got: fmt.Sprintf("%d of %d fail: %s", len(failed), clients*each, <-failed),
				Want: "200 for each", At: "gateway/pool.go", Next: "Read what the gateway logs of the first one."})
		}
		one, two := instances[0].calls(), instances[1].calls()
		if min(one, two) < 140 || one+two != clients*each {
			d.notYet(check.Finding{
				Say: fmt.Sprintf("Two instances of %s do not share %d requests as the step asks.", instances[0].service, clients*each),
				Got: fmt.Sprintf("%d and %d", one, two), Want: "at least 140 each, and 400 together", At: "gateway/pool.go",
				Next: "Take the instances by turns, request by request, for each service.",
			})
		}
	}
}

// All instances get requests, however many there are.
func TestStep02_AllInstancesShare(t *testing.T) {
	t.Parallel()
	s := open(t)
	var orders []*backend
	for i := range 4 {
		orders = append(orders, s.backend("order", i+1))
	}
	d := s.door(orders...)
	const requests = 100
	for range requests {
		d.get("/orders/7")
	}
	for _, b := range orders {
		if b.calls() < 5 {
			d.notYet(check.Finding{Say: fmt.Sprintf("Four instances of order are well, and %s gets next to none of %d requests.", b.name, requests), Got: b.calls(), Want: "about a fourth",
				At: "gateway/pool.go", Next: "Share the requests between all instances, however many there are."})
		}
	}
}

// An instance that takes requests and breaks them off is left out, and used again when it answers.
func TestStep02_WhoBreaksOffIsLeftOut(t *testing.T) {
	t.Parallel()
	s := open(t)
	one, two := s.backend("order", 1), s.backend("order", 2)
	d := s.door(one, two)
	for method, body := range map[string]string{"GET": "", "POST": strings.Repeat("lamp ", 20_000)} {
		two.answers(breakOff)
		const requests = 50
		begun, before := time.Now(), two.calls()
		for range requests {
			d.ask(method, "/orders/7", nil, body)
		}
		most := 6 + 2*int(time.Since(begun)/(300*time.Millisecond)) // some ask for its health, and find it well
		if calls := two.calls() - before; calls > most {
			d.notYet(check.Finding{Say: fmt.Sprintf("order-2 takes each %s and breaks the connection off, and still gets its share.", method), Got: fmt.Sprintf("%d of %d requests", calls, requests), Want: "about one for each second",
				At: "gateway/pool.go", Next: "Leave an instance out after any failure: one that accepts connections may be broken, too."})
		}
		two.answers(two.fine)
		d.reaches("/orders/7", two.name)
	}
}

// An instance that dies under load costs at most the requests that were on their way to it, and nothing a second later. It gets requests again when it is back.
func TestStep02_InstanceDiesUnderLoad(t *testing.T) {
	t.Parallel()
	s := open(t)
	one, two := s.backend("order", 1), s.backend("order", 2)
	for _, b := range []*backend{one, two} {
		b.answers(func(w http.ResponseWriter, r *http.Request) {
			select { // so that some are always on their way
			case <-time.After(3 * time.Millisecond):
			case <-r.Context().Done():
			}
			b.fine(w, r)
		})
	}
	d := s.door(one, two)
	l := d.load(8, "/orders/7")
	d.runs(l, 100, 0)
	if two.calls() == 0 || len(l.since(time.Time{})) > 0 {
		d.notYet(check.Finding{Say: "Before an instance dies, not all is well: both should get requests, and all be answered.", Got: fmt.Sprintf("%d and %d requests, %d failed", one.calls(), two.calls(), len(l.since(time.Time{}))),
			Want: "requests for both, none failed", At: "gateway/pool.go", Next: "Share the requests between the instances first."})
	}
	died := time.Now()
	two.die()
	d.runs(l, 200, 1500*time.Millisecond)
	back := time.Now()
	calls := two.calls()
	s.live(two)
	came := s.Within(later, func() bool { return two.calls() > calls })
	d.runs(l, 100, 0)
	l.end()
	if failed := l.since(died); len(failed) > l.clients {
		d.notYet(check.Finding{
			Say: "An instance died under load, and more requests failed than can have been on their way to it.", Got: fmt.Sprintf("%d failed, such as: %s", len(failed), failed[0].got),
			Want: fmt.Sprintf("%d at most, one for each client", l.clients), At: "gateway/pool.go",
			Next: "Leave an instance out as soon as a request to it fails, and send what could not connect to another one.",
		})
	}
	if failed := l.since(died.Add(time.Second)); len(failed) > 0 {
		when := "a second after an instance died"
		if !failed[0].begun.Before(back) {
			when = "when the instance was back"
		}
		d.notYet(check.Finding{Say: fmt.Sprintf("Requests still failed %s.", when), Got: fmt.Sprintf("%d failed, such as: %s", len(failed), failed[0].got), Want: "none",
			At: "gateway/pool.go", Next: "Send a request that cannot connect to another instance, also the one that finds out whether an instance is back."})
	}
	if !came {
		d.notYet(check.Finding{Say: "An instance died and is back, and gets no requests.", Got: fmt.Sprintf("none within %s", later), Want: "its share",
			At: "gateway/pool.go", Next: "Leave an instance out for a second, and then try it again; or ask for its /health."})
	}
}

// What cannot connect goes to another instance, POST too, and reaches one of them once.
func TestStep02_WhatCannotConnectGoesElsewhere(t *testing.T) {
	t.Parallel()
	s := open(t)
	one, two := s.backend("order", 1), s.backend("order", 2)
	two.server.SetKeepAlivesEnabled(false) // so that no connection is left on which a POST might be lost
	d := s.door(one, two)
	two.die()
	for i := range 12 {
		body := fmt.Sprintf(`{"sku": "lamp", "quantity": %d}`, i+1)
		got := d.ask(http.MethodPost, "/orders", nil, body)
		if got.status != http.StatusOK || one.calls() != i+1 {
			d.notYet(check.Finding{
				Say: "One instance refuses connections, and a POST does not go to the other one, once.", Got: fmt.Sprintf("%s; %d requests for %d orders", got, one.calls(), i+1), Want: "200, and one request for each order",
				At: "gateway/pool.go", Next: "Where connecting has failed, nothing was sent: another instance may have the request, with its body.",
			})
		}
		sent := make([]byte, len(body)+1)
		n, _ := one.last().Body.Read(sent)
		if string(sent[:n]) != body {
			d.notYet(check.Finding{Say: "A POST that could not connect to one instance reaches the other one with another body.", Got: string(sent[:n]), Want: body,
				At: "gateway/send.go", Next: "A transport closes the body of a request that fails: hand it one that stays open."})
		}
	}
}

// As long as one instance is left, it gets what can connect to no other one, however many ask at once.
func TestStep02_OneIsLeft(t *testing.T) {
	t.Parallel()
	s := open(t)
	var orders []*backend
	for i := range 16 {
		b := s.backend("order", i+1)
		b.server.SetKeepAlivesEnabled(false) // so that no connection is left on which a request might be lost
		orders = append(orders, b)
	}
	d := s.door(orders...)
	for _, b := range orders[1:] {
		b.die()
	}
	orders[0].answers(func(w http.ResponseWriter, r *http.Request) {
		select { // so that some are always on their way
		case <-time.After(5 * time.Millisecond):
		case <-r.Context().Done():
		}
		orders[0].fine(w, r)
	})
	l := d.load(16, "/orders/7")
	d.runs(l, 200, 3500*time.Millisecond) // so that those that are left out are tried again some times
	l.end()
	if failed := l.since(time.Time{}); len(failed) > 0 {
		d.notYet(check.Finding{Say: "All instances but one refuse connections, and not all requests are answered by that one.", Got: fmt.Sprintf("%d of %d fail, such as: %s", len(failed), l.answered.Load(), failed[0].got), Want: "200 for each",
			At: "gateway/pool.go", Next: "Try one instance after another until one can be connected, and remember for each request which ones it has tried."})
	}
}

// What was sent is not sent again, where it may have been done.
func TestStep02_WhatWasSentIsNotSentAgain(t *testing.T) {
	t.Parallel()
	s := open(t)
	one, two := s.backend("order", 1), s.backend("order", 2)
	d := s.door(one, two)
	if d.get("/orders/7"); total(one, two) != 1 {
		d.notYet(nowhere("order", "/orders/7"))
	}
	one.answers(one.breaksOffMarked)
	two.answers(two.breaksOffMarked)
	for _, method := range []string{"POST", "PUT", "PATCH", "DELETE"} {
		for _, body := range []string{"", `{"sku": "lamp"}`} { // where there is none, nothing stands in the way of a second try
			d.eventually(later, func() *check.Finding {
				d.get("/orders/7") // so that no breaker opens
				before := total(one, two)
				got := d.ask(method, "/orders/7", http.Header{mark: {"1"}}, body)
				calls := total(one, two) - before
				if calls > 1 || !unavailable(got.status) {
					d.notYet(check.Finding{
						Say: fmt.Sprintf("An instance got a %s and its connection broke before it answered: it may have been done.", method), Got: fmt.Sprintf("%s; sent %d times", got, calls),
						Want: "502, 503 or 504, and sent once", At: "gateway/pool.go", Next: "Only where connecting has failed was nothing sent: look for a *net.OpError whose Op is dial.",
					})
				}
				if calls == 0 { // as both may be left out
					return &check.Finding{Say: fmt.Sprintf("Both instances are up, and a %s reaches none of them.", method), Got: got, Want: "one request",
						At: "gateway/pool.go", Next: "Leave an instance out for a second only."}
				}
				return nil
			})
		}
	}
}

// A client that goes away says nothing of the instance that it asked.
func TestStep02_ClientsThatGoBlameNobody(t *testing.T) {
	t.Parallel()
	s := open(t)
	one, two := s.backend("order", 1), s.backend("order", 2)
	d := s.door(one, two)
	held := s.hold(two, two.fine)
	for left, asked := 0, 0; left < 3; asked++ {
		if asked == 40 {
			d.notYet(check.Finding{Say: "order-2 gets no requests.", Got: fmt.Sprintf("%d at order-1, %d at order-2", one.calls(), two.calls()), Want: "its share",
				At: "gateway/pool.go", Next: "Take the instances by turns, and leave none out whose client has gone away."})
		}
		ctx, cancel := context.WithCancel(s.Context)
		done := make(chan struct{})
		go func() {
			defer close(done)
			_, _ = d.send(ctx, http.MethodGet, "/orders/7", nil, "")
		}()
		select {
		case <-held.arrived:
			left++
		case <-done: // the other one has answered
		}
		cancel()
		<-done
	}
	two.answers(two.fine)
	before := two.calls()
	for range 10 {
		d.get("/orders/7")
	}
	if two.calls() == before {
		d.notYet(check.Finding{Say: "Three clients went away before order-2 had answered, and it gets no requests any more.", Got: "0 of 10", Want: "its share",
			At: "gateway/pool.go", Next: "Where the request's context has ended, the client has gone: do not leave the instance out."})
	}
	d.goesOn("Clients went away before they had their answer, and the gateway panicked.")
}

// goesOn looks whether a handler has panicked, which no client need see.
func (d *door) goesOn(say string) {
	d.s.Helper()
	if strings.Contains(strings.Join(d.program.Lines(), "\n")+d.output(), "http: panic serving") {
		d.notYet(check.Finding{Say: say, Want: "no panic", At: "gateway/pool.go", Next: "RoundTrip returns either an answer or an error that is not nil."})
	}
}

// A request whose body breaks off at the client says nothing of the instance, either.
func TestStep02_BrokenUploadsBlameNobody(t *testing.T) {
	t.Parallel()
	s := open(t)
	one, two := s.backend("order", 1), s.backend("order", 2)
	d := s.door(one, two)
	d.get("/orders/7")
	d.breaksOff("POST /orders HTTP/1.1\r\nHost: shop\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n12\r\n" + noLength)
	before := []int{one.calls(), two.calls()}
	for range 20 {
		d.get("/orders/7")
	}
	for i, b := range []*backend{one, two} {
		if b.calls() == before[i] {
			d.notYet(check.Finding{Say: fmt.Sprintf("A client's POST broke off, and %s gets no requests.", b.name), Got: "0 of 20", Want: "its share",
				At: "gateway/pool.go", Next: "Where reading the client's body has failed, do not leave the instance out."})
		}
	}
	d.goesOn("A client's POST broke off, and the gateway panicked.")
}

// Where all instances are down the service is named, and it is reached as soon as one is back.
func TestStep02_AllInstancesDown(t *testing.T) {
	t.Parallel()
	s := open(t)
	one, two := s.backend("product", 1), s.backend("product", 2)
	d := s.door(one, two)
	if got := d.get("/products/lamp"); got.status != http.StatusOK {
		d.notYet(nowhere("product", "/products/lamp"))
	}
	one.die()
	two.die()
	for range 4 {
		d.named("product", "/products/lamp")
	}
	s.live(two)
	d.eventually(later, func() *check.Finding {
		if got := d.get("/products/lamp"); got.instance() != two.name {
			return &check.Finding{Say: "Both instances were down, one is back, and it is not reached.", Got: got, Want: "the answer of " + two.name,
				At: "gateway/pool.go", Next: "Where all instances are left out, try one of them all the same."}
		}
		return nil
	})
}

// An instance of the sandbox is killed under load: a second later no request fails, and it gets requests again when it is healed.
func TestStep02_KilledInTheSandbox(t *testing.T) {
	s := open(t)
	d := s.sandbox()
	fault := s.Fault("order-1")
	const path = "/orders/lamp-2-K4F7Q2"
	d.reaches(path, "order-1", "order-2")
	l := d.load(4, path)
	d.runs(l, 40, 0)
	fault.Kill()
	killed := time.Now()
	d.runs(l, 100, 1300*time.Millisecond)
	failed := l.since(killed.Add(time.Second))
	fault.Heal()
	if len(failed) > 0 {
		d.notYet(check.Finding{Say: "A second after order-1 was killed, requests still fail.", Got: fmt.Sprintf("%d, such as: %s", len(failed), failed[0].got), Want: "none",
			At: "gateway/pool.go", Next: "Leave an instance out as soon as a request to it fails, and send what cannot connect to another one."})
	}
	d.reaches(path, "order-1", "order-2")
	l.end()
	if failed := l.since(killed.Add(time.Second)); len(failed) > 0 {
		d.notYet(check.Finding{Say: "While order-1 came back, requests failed.", Got: fmt.Sprintf("%d, such as: %s", len(failed), failed[0].got), Want: "none",
			At: "gateway/pool.go", Next: "Send a request that cannot connect to another instance, also the one that finds out whether an instance is back."})
	}
}

// reaches asks until each of the instances has answered.
func (d *door) reaches(path string, instances ...string) {
	d.s.Helper()
	seen := map[string]bool{}
	d.eventually(later, func() *check.Finding {
		for range 10 {
			seen[d.get(path).instance()] = true
		}
		for _, name := range instances {
			if !seen[name] {
				return &check.Finding{Say: fmt.Sprintf("%s runs, and none of many requests for %s reaches it.", name, path), Got: "none", Want: "its share",
					At: "gateway/pool.go", Next: "Look whether the gateway knows all instances, and takes back those that were away."}
			}
		}
		return nil
	})
}
