//go:build lab

package checks

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"cnalab/labs/check"
)

// patience is the bound that the step sets for a page.
const patience = 500 * time.Millisecond

// pageOf is a page of an order, as the step shows it.
type pageOf struct {
	Order    json.RawMessage `json:"order"`
	Product  json.RawMessage `json:"product"`
	Delivery json.RawMessage `json:"delivery"`
	Missing  []string        `json:"missing"`
}

// whole starts three services, and a gateway before them.
func (s *shop) whole() (d *door, parts map[string]*backend) {
	s.Helper()
	parts = map[string]*backend{}
	var all []*backend
	for _, name := range []string{"order", "product", "delivery"} {
		parts[name] = s.backend(name, 1)
		all = append(all, parts[name])
	}
	return s.door(all...), parts
}

// page asks for the page of an order.
func (d *door) page(order string) pageOf {
	d.s.Helper()
	got := d.get("/page/" + order)
	var p pageOf
	if got.status != http.StatusOK || !got.json(&p) {
		d.notYet(check.Finding{Say: "GET /page/ORDER is not answered as the step asks.", Got: got, Want: `200 and {"order": …, "product": …, "delivery": …, "missing": []}`,
			At: "gateway/page.go", Next: "Give the page a route of its own, and answer with JSON."})
	}
	d.saysJSON(got, "The page does not say that it is JSON.", "gateway/page.go")
	return p
}

// pageWhile asks for the page of an order while something is wrong with a
// service, which is no reason to answer with anything but a page.
func (d *door) pageWhile(what string) pageOf {
	d.s.Helper()
	got := d.get("/page/lamp-2-K4F7Q2")
	var p pageOf
	if got.status != http.StatusOK || !got.json(&p) {
		d.notYet(check.Finding{Say: fmt.Sprintf("%s, and GET /page/ORDER is not answered with what the others say.", what), Got: got, Want: "200 and the other parts",
			At: "gateway/page.go", Next: "A part that does not come is missing. Only a 404 of order makes the page 404."})
	}
	return p
}

// lacks compares what a page says is missing, and that all else is there.
func (d *door) lacks(p pageOf, say string, missing ...string) {
	d.s.Helper()
	if p.Missing == nil {
		d.notYet(check.Finding{Say: "The page does not say with a list what is missing.", Got: "missing: null, or not there", Want: "missing: []", At: "gateway/page.go", Next: "Begin with an empty list: a nil slice becomes null."})
	}
	got := slices.Sorted(slices.Values(p.Missing))
	slices.Sort(missing)
	if !slices.Equal(got, missing) {
		d.notYet(check.Finding{Say: say, Got: fmt.Sprintf("missing: %q", got), Want: fmt.Sprintf("missing: %q", missing),
			At: "gateway/page.go", Next: "List each service whose part is not there, and no other."})
	}
	for name, part := range map[string]json.RawMessage{"order": p.Order, "product": p.Product, "delivery": p.Delivery} {
		there := len(part) > 0 && string(part) != "null"
		if there == slices.Contains(missing, name) {
			d.notYet(check.Finding{Say: say, Got: fmt.Sprintf("%s: %s", name, part), Want: fmt.Sprintf("missing: %q, and the rest as the services say it", missing),
				At: "gateway/page.go", Next: "Put in what came, and leave out what did not."})
		}
	}
}

// A page holds what the three services say, and asks them at the same time.
func TestStep04_AllAtOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	d, parts := s.whole()
	release := make(chan struct{})
	arrived := make(chan *http.Request, 10)
	for name, b := range parts {
		b.answers(func(w http.ResponseWriter, r *http.Request) {
			arrived <- r
			select { // nobody answers before all are asked
			case <-release:
			case <-r.Context().Done():
				return
			}
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprintf(w, `{"of": %q, "path": %q, "deep": {"list": [1, 9007199254740993, 2.5, "x"]}}`, name, r.URL.Path)
		})
	}
	const order = "lamp-2-K4F7Q2"
	answered := make(chan *reply, 1)
	go func() { answered <- d.try(http.MethodGet, "/page/"+order, nil, "") }()
	for i := range len(parts) {
		s.await(soon, arrived, check.Finding{Say: "The services are not asked at the same time: while none has answered, not all three are asked.", Got: fmt.Sprintf("%d asked", i), Want: "3 asked",
			At: "gateway/page.go", Next: "Ask each service in a goroutine of its own, and wait for all of them.", Output: d.output()})
	}
	close(release)
	got := <-answered
	var p pageOf
	if got == nil || got.status != http.StatusOK || !got.json(&p) {
		d.notYet(check.Finding{Say: "GET /page/ORDER is not answered as the step asks.", Got: got, Want: `200 and {"order": …, "product": …, "delivery": …, "missing": []}`,
			At: "gateway/page.go", Next: "Answer with the JSON of the three services."})
	}
	d.lacks(p, "All three services answer, and the page is not whole.")
	for name, part := range map[string]json.RawMessage{"order": p.Order, "product": p.Product, "delivery": p.Delivery} {
		path := map[string]string{"order": "/orders/", "product": "/products/of/", "delivery": "/deliveries/"}[name] + order
		want := fmt.Sprintf(`{"deep":{"list":[1,9007199254740993,2.5,"x"]},"of":%q,"path":%q}`, name, path)
		if got := canonical(part); got != canonical([]byte(want)) {
			d.notYet(check.Finding{Say: fmt.Sprintf("The page does not hold what %s says.", name), Got: got, Want: want, At: "gateway/page.go",
				Next: fmt.Sprintf("Ask for %s, and put the JSON into the page as it is.", path)})
		}
	}
	if calls := total(parts["order"], parts["product"], parts["delivery"]); calls != 3 {
		d.notYet(check.Finding{Say: "For one page each service is asked once.", Got: fmt.Sprintf("%d requests", calls), Want: "3 requests", At: "gateway/page.go", Next: "Ask each service once."})
	}
}

// canonical is JSON with sorted keys, and with its numbers as they are written.
func canonical(text []byte) string {
	var v any
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&v); err != nil {
		return string(text)
	}
	sorted, _ := json.Marshal(v)
	return string(sorted)
}

// fastestPage asks until one page comes in time, and returns how long the fastest
// took. A busy machine holds up some; where none of three comes in twice the
// time, no more are asked for.
func fastestPage(ask func()) time.Duration {
	least := time.Duration(math.MaxInt64)
	for try := 0; least > patience && try < 15 && (try < 3 || least < 2*patience); try++ {
		begun := time.Now()
		ask()
		least = min(least, time.Since(begun))
	}
	return least
}

// One slow service leaves a gap: the page comes within 500 ms, says what is missing, and gives the slow call up.
func TestStep04_SlowPartIsMissing(t *testing.T) {
	t.Parallel()
	for _, slow := range []string{"delivery", "order"} {
		s := open(t)
		d, parts := s.whole()
		d.page("warm-1-UP")
		held := s.hold(parts[slow], parts[slow].fine)
		took := fastestPage(func() {
			d.lacks(d.page("lamp-2-K4F7Q2"), fmt.Sprintf("%s is slow, and the page does not say so.", slow), slow)
		})
		if took > patience {
			d.notYet(check.Finding{Say: fmt.Sprintf("%s is slow, and the page waits for it for too long.", slow), Got: fmt.Sprintf("%d ms", took.Milliseconds()), Want: fmt.Sprintf("%d ms at most", patience.Milliseconds()),
				At: "gateway/page.go", Next: "Give the context of all three calls a time-out, somewhat shorter than the bound."})
		}
		s.await(soon, held.gone, check.Finding{Say: fmt.Sprintf("The page was answered without %s, and the call to it goes on.", slow), Got: "its context has not ended", Want: "it ends with the page",
			At: "gateway/page.go", Next: "Make each call with the context that has the time-out.", Output: d.output()})
	}
}

// A service that begins its answer and does not end it is missing as well, in the same time.
func TestStep04_PartThatDoesNotEndIsMissing(t *testing.T) {
	t.Parallel()
	s := open(t)
	d, parts := s.whole()
	d.page("warm-1-UP")
	gone := make(chan *http.Request, 10)
	parts["product"].answers(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, "12")
		_ = http.NewResponseController(w).Flush()
		select {
		case <-r.Context().Done():
			gone <- r
		case <-s.Context.Done():
		}
	})
	took := fastestPage(func() {
		p := d.pageWhile("product begins its part and does not end it")
		d.lacks(p, "product begins its part and does not end it, and the page does not say that it is missing.", "product")
	})
	if took > patience {
		d.notYet(check.Finding{Say: "product begins its part and does not end it, and the page waits for it for too long.", Got: fmt.Sprintf("%d ms", took.Milliseconds()), Want: fmt.Sprintf("%d ms at most", patience.Milliseconds()),
			At: "gateway/page.go", Next: "The time-out is for the whole call: read the body before you cancel its context."})
	}
	s.await(soon, gone, check.Finding{Say: "The page was answered without product, and the call to it goes on.", Got: "its context has not ended", Want: "it ends with the page",
		At: "gateway/page.go", Next: "Make each call with the context that has the time-out.", Output: d.output()})
}

// What stands for the order in the path is one segment in the services' paths, too.
func TestStep04_OrderIsOneSegment(t *testing.T) {
	t.Parallel()
	s := open(t)
	d, parts := s.whole()
	d.page("warm-1-UP")
	ways := map[string]string{"order": "/orders/", "product": "/products/of/", "delivery": "/deliveries/"}
	for _, order := range []string{"x%2F..%2F..%2Fhidden", "x%3Fall=1", "a%2Fb"} {
		before := map[string]int{}
		for name, b := range parts {
			before[name] = b.calls()
		}
		got := d.get("/page/" + order)
		for name, b := range parts {
			if b.calls() == before[name] { // such an order may be turned down
				continue
			}
			if path := b.last().URL.EscapedPath(); !sameSegment(path, ways[name]+order) || b.last().URL.RawQuery != "" {
				d.notYet(check.Finding{Say: fmt.Sprintf("GET /page/%s asks %s for something else than this order.", order, name), Got: b.last().RequestURI, Want: ways[name] + order,
					At: "gateway/page.go", Next: "Escape the order before you put it into a path: url.PathEscape does so.", Output: got.String()})
			}
		}
	}
}

// sameSegment reports whether two escaped paths are the same, however much of
// them is escaped.
func sameSegment(a, b string) bool {
	as, bs := strings.Split(a, "/"), strings.Split(b, "/")
	return slices.EqualFunc(as, bs, func(a, b string) bool {
		x, errX := url.PathUnescape(a)
		y, errY := url.PathUnescape(b)
		return errX == nil && errY == nil && x == y
	})
}

// A service that is down, or answers with an error, or with no JSON, is missing.
func TestStep04_FailingPartIsMissing(t *testing.T) {
	t.Parallel()
	s := open(t)
	d, parts := s.whole()
	for name, b := range parts {
		for what, how := range map[string]http.HandlerFunc{
			"answers 500": status(http.StatusInternalServerError), "breaks the connection off": breakOff,
			"answers 200 with a body that is no JSON": func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<p>soon</p>") },
			"answers 203 with JSON": func(w http.ResponseWriter, r *http.Request) {
				w.WriteHeader(http.StatusNonAuthoritativeInfo)
				b.fine(w, r)
			},
			"breaks the connection off in the middle of its answer": breakOffAmid(false),
		} {
			b.answers(how)
			d.lacks(d.pageWhile(fmt.Sprintf("%s %s", name, what)), fmt.Sprintf("%s %s, and the page does not say that its part is missing.", name, what), name)
			b.answers(b.fine)
			d.eventually(later, func() *check.Finding {
				if p := d.page("lamp-2-K4F7Q2"); len(p.Missing) > 0 {
					return &check.Finding{Say: fmt.Sprintf("%s answers again, and the page is not whole.", name), Got: fmt.Sprintf("missing: %q", p.Missing), Want: "missing: []",
						At: "gateway/page.go", Next: "Ask each service for each page anew."}
				}
				return nil
			})
		}
	}
	for _, b := range parts {
		b.answers(status(http.StatusInternalServerError))
	}
	d.lacks(d.pageWhile("No service has its part"), "No service has its part, and the page does not say so.", "order", "product", "delivery")
	for _, b := range parts {
		b.answers(b.fine)
	}
	d.eventually(later, func() *check.Finding {
		if p := d.page("lamp-2-K4F7Q2"); len(p.Missing) > 0 {
			return &check.Finding{Say: "All services answer again, and the page is not whole.", Got: fmt.Sprintf("missing: %q", p.Missing), Want: "missing: []",
				At: "gateway/page.go", Next: "Ask each service for each page anew."}
		}
		return nil
	})
	parts["product"].die()
	d.lacks(d.pageWhile("product is down"), "product is down, and the page does not say that its part is missing.", "product")
}

// An order that does not exist has no page.
func TestStep04_NoSuchOrder(t *testing.T) {
	t.Parallel()
	s := open(t)
	d, parts := s.whole()
	parts["order"].answers(status(http.StatusNotFound))
	if got := d.get("/page/nobodys"); got.status != http.StatusNotFound || parts["order"].calls() == 0 {
		d.notYet(check.Finding{Say: "order answers 404, and the page is not answered with 404.", Got: got, Want: 404, At: "gateway/page.go", Next: "Without the order there is no page: say so."})
	}
	parts["order"].answers(parts["order"].fine)
	for _, name := range []string{"delivery", "product"} {
		parts[name].answers(status(http.StatusNotFound))
		d.lacks(d.pageWhile(name+" answers 404"), fmt.Sprintf("%s answers 404, and the page does not say that its part is missing.", name), name)
		parts[name].answers(parts[name].fine)
	}
}

// When the client goes, the services are told.
func TestStep04_ClientGoes(t *testing.T) {
	t.Parallel()
	s := open(t)
	d, parts := s.whole()
	d.page("warm-1-UP")
	var held []*holding
	for _, name := range []string{"order", "product", "delivery"} {
		held = append(held, s.hold(parts[name], parts[name].fine))
	}
	ended := func() (slowest time.Duration) {
		ctx, cancel := context.WithCancel(s.Context)
		defer cancel()
		done := make(chan struct{})
		go func() {
			defer close(done)
			_, _ = d.send(ctx, http.MethodGet, "/page/lamp-2-K4F7Q2", nil, "")
		}()
		for _, h := range held {
			s.await(soon, h.arrived, check.Finding{Say: "A page does not ask all three services.", Want: "a request at each", At: "gateway/page.go", Next: "Ask each service in a goroutine of its own.", Output: d.output()})
		}
		cancel()
		left := time.Now()
		for _, h := range held {
			s.await(soon, h.gone, check.Finding{Say: "The client has gone, and a service goes on with its part of the page.", Got: "its context has not ended", Want: "it ends when the client goes",
				At: "gateway/page.go", Next: "Make each call with a context of the client's request: r.Context().", Output: d.output()})
		}
		<-done
		return time.Since(left)
	}
	fastest := later
	for range 3 { // a busy machine may hold up one of them
		if fastest = min(fastest, ended()); fastest < 150*time.Millisecond {
			return
		}
	}
	d.notYet(check.Finding{Say: "The client has gone, and the services go on with the page until its time-out.", Got: fmt.Sprintf("for %d ms", fastest.Milliseconds()), Want: "their contexts end with the client's request",
		At: "gateway/page.go", Next: "Derive the context of the calls from r.Context(), not from context.Background()."})
}

// Pages are shared between the instances, too.
func TestStep04_PagesAreSharedToo(t *testing.T) {
	t.Parallel()
	s := open(t)
	one, two, product, delivery := s.backend("order", 1), s.backend("order", 2), s.backend("product", 1), s.backend("delivery", 1)
	d := s.door(one, two, product, delivery)
	fastest := later
	for range 12 {
		begun := time.Now()
		d.lacks(d.page("lamp-2-K4F7Q2"), "All services are well, and the page is not whole.")
		fastest = min(fastest, time.Since(begun))
	}
	if fastest > 300*time.Millisecond {
		d.notYet(check.Finding{Say: "All services answer at once, and the page does not.", Got: fmt.Sprintf("%d ms for the fastest of twelve pages", fastest.Milliseconds()), Want: "a few milliseconds", At: "gateway/page.go",
			Next: "Answer as soon as the last part is there."})
	}
	if one.calls() == 0 || two.calls() == 0 {
		d.notYet(check.Finding{Say: "Twelve pages ask one instance of order alone.", Got: fmt.Sprintf("%d and %d", one.calls(), two.calls()), Want: "a share for each",
			At: "gateway/page.go", Next: "Send the page's calls the same way as the client's: through the pool."})
	}
	two.die()
	for range 6 {
		d.lacks(d.page("lamp-2-K4F7Q2"), "One of two instances of order refuses connections, and the page is not whole.")
	}
}

// pagesAreWhole waits until the sandbox's services have registered, all of them.
func (d *door) pagesAreWhole(order string) {
	d.s.Helper()
	d.eventually(later, func() *check.Finding {
		if p := d.page(order); len(p.Missing) > 0 || !strings.Contains(string(p.Order), order) {
			return &check.Finding{Say: "In the sandbox all services run, and the page is not whole.", Got: fmt.Sprintf("missing: %q", p.Missing), Want: "missing: []", At: "gateway/page.go", Next: "Read the log of gateway."}
		}
		return nil
	})
}

// In the sandbox delivery is slowed to 2 s: the page comes all the same.
func TestStep04_SlowedInTheSandbox(t *testing.T) {
	s := open(t)
	d := s.sandbox()
	const order = "lamp-2-K4F7Q2"
	fault := s.Fault("delivery")
	d.pagesAreWhole(order)
	fault.Slow(2 * time.Second)
	took := fastestPage(func() {
		d.lacks(d.page(order), "delivery is slowed to 2 s, and the page does not say that its part is missing.", "delivery")
	})
	fault.Heal()
	if took > patience {
		d.notYet(check.Finding{Say: "delivery is slowed to 2 s, and the page waits for it for too long.", Got: fmt.Sprintf("%d ms", took.Milliseconds()), Want: fmt.Sprintf("%d ms at most", patience.Milliseconds()),
			At: "gateway/page.go", Next: "Give the context of all three calls a time-out, somewhat shorter than the bound."})
	}
	d.pagesAreWhole(order)
}
