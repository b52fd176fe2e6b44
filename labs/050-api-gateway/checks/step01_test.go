//go:build lab

package checks

import (
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"cnalab/labs/check"
)

// Each path leads to its service, and to no other.
func TestStep01_EachPathGoesToItsService(t *testing.T) {
	t.Parallel()
	s := open(t)
	order, product, delivery := s.backend("order", 1), s.backend("product", 1), s.backend("delivery", 1)
	d := s.door(order, product, delivery)
	for _, way := range []struct {
		path string
		to   *backend
	}{
		{"/orders", order}, {"/orders/lamp-2-K4F7Q2", order}, {"/orders/lamp-2-K4F7Q2/lines/1", order}, {"/orders?address=Elm+Street+5", order},
		{"/products/lamp", product}, {"/products/of/lamp-2-K4F7Q2", product}, {"/products", product},
		{"/deliveries/lamp-2-K4F7Q2", delivery}, {"/deliveries", delivery},
	} {
		before, others := way.to.calls(), total(order, product, delivery)
		got := d.get(way.path)
		if got.instance() != way.to.name || way.to.calls() != before+1 || total(order, product, delivery) != others+1 {
			d.notYet(check.Finding{
				Say: fmt.Sprintf("GET %s does not go to %s, once.", way.path, way.to.service), Got: got, Want: "the answer of " + way.to.service,
				At: "gateway/routes.go", Next: "A path belongs to the service where it is /orders, /products or /deliveries, or begins with one of these and a slash.",
			})
		}
	}
}

// A path that belongs to no service is not found, and reaches none.
func TestStep01_OtherPathsAreNotFound(t *testing.T) {
	t.Parallel()
	s := open(t)
	order, product, delivery := s.backend("order", 1), s.backend("product", 1), s.backend("delivery", 1)
	d := s.door(order, product, delivery)
	if d.get("/orders/1").instance() != order.name { // or nothing would be found
		d.notYet(nowhere("order", "/orders/1"))
	}
	for _, path := range []string{"/", "/nothing", "/orders-old", "/orders-old/1", "/ordersandmore", "/order/1", "/old/orders", "/Products/lamp", "/deliveriesx"} {
		before := total(order, product, delivery)
		if got := d.get(path); got.status != http.StatusNotFound || total(order, product, delivery) != before {
			d.notYet(check.Finding{
				Say: fmt.Sprintf("GET %s belongs to no service, and is not answered with 404.", path), Got: got, Want: http.StatusNotFound,
				At: "gateway/routes.go", Next: "Compare whole segments of the path: /orders-old begins with /orders, and is another path.",
			})
		}
	}
}

// No path leads out of the service that it names first.
func TestStep01_DotsDoNotLeadAstray(t *testing.T) {
	t.Parallel()
	s := open(t)
	order, product, delivery := s.backend("order", 1), s.backend("product", 1), s.backend("delivery", 1)
	d := s.door(order, product, delivery)
	if d.get("/orders/1").instance() != order.name {
		d.notYet(nowhere("order", "/orders/1"))
	}
	for _, path := range []string{"/orders/../products/lamp", "/orders/1/../../products/lamp"} {
		before := order.calls()
		if got := d.get(path); order.calls() != before {
			d.notYet(check.Finding{
				Say: fmt.Sprintf("GET %s is no order's path, and order gets it.", path), Got: fmt.Sprintf("order gets %s", order.last().RequestURI),
				Want: "404, or a redirect to the path without dots", At: "gateway/routes.go",
				Next: "Clean the path before you compare it, as http.ServeMux does.", Output: got.String(),
			})
		}
	}
}

func nowhere(service, path string) check.Finding {
	return check.Finding{
		Say: fmt.Sprintf("GET %s does not go to %s.", path, service), Want: "the answer of " + service,
		At: "gateway/routes.go", Next: "Lead each path to its service first.",
	}
}

// Many requests at once: each is answered by its own service, with its own answer.
func TestStep01_ManyAtOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	order, product, delivery := s.backend("order", 1), s.backend("product", 1), s.backend("delivery", 1)
	d := s.door(order, product, delivery)
	wrong := make(chan check.Finding, 1)
	var asking sync.WaitGroup
	for i := range 24 {
		way := []struct {
			path string
			to   *backend
		}{{"/orders/", order}, {"/products/", product}, {"/deliveries/", delivery}}[i%3]
		asking.Go(func() {
			for j := range 20 {
				path := fmt.Sprintf("%s%d-%d", way.path, i, j)
				got := d.try(http.MethodGet, path, nil, "")
				if got == nil || got.instance() != way.to.name || !strings.Contains(string(got.body), `"`+path+`"`) {
					select {
					case wrong <- check.Finding{Say: fmt.Sprintf("Among many requests at once, GET %s does not get the answer of %s to it.", path, way.to.service), Got: got, Want: "the answer of " + way.to.service,
						At: "gateway/proxy.go", Next: "Keep what belongs to one request in variables of that request: handlers run at the same time."}:
					default:
					}
					return
				}
			}
		})
	}
	asking.Wait()
	select {
	case f := <-wrong:
		d.notYet(f)
	default:
	}
}

// A service that is down is told by its name, and the others answer on.
func TestStep01_DeadServiceIsNamed(t *testing.T) {
	t.Parallel()
	s := open(t)
	order, product, delivery := s.backend("order", 1), s.backend("product", 1), s.backend("delivery", 1)
	d := s.door(order, product, delivery)
	all := map[*backend]string{order: "/orders/7", product: "/products/lamp", delivery: "/deliveries/7"}
	for b, path := range all {
		b.die()
		d.named(b.service, path)
		for other, path := range all {
			if got := d.get(path); other != b && got.instance() != other.name {
				d.notYet(check.Finding{Say: fmt.Sprintf("%s is down, and %s is not reached any more.", b.service, other.service), Got: got, Want: "the answer of " + other.service,
					At: "gateway/proxy.go", Next: "One service that is down must not keep the gateway from the others."})
			}
		}
		s.live(b)
		d.eventually(later, func() *check.Finding {
			if got := d.get(path); got.instance() != b.name {
				return &check.Finding{Say: fmt.Sprintf("%s was down and is back, and is not reached.", b.service), Got: got, Want: "the answer of " + b.service,
					At: "gateway/proxy.go", Next: "Try the service again with a later request."}
			}
			return nil
		})
	}
}

// named asks a service that is down.
func (d *door) named(service, path string) {
	d.s.Helper()
	got := d.get(path)
	var told struct{ Service string }
	if isJSON := got.json(&told); !unavailable(got.status) || !isJSON || told.Service != service {
		d.notYet(check.Finding{
			Say: fmt.Sprintf("%s is down, and the answer does not say so as the step asks.", service), Got: got,
			Want: fmt.Sprintf(`502, 503 or 504, with {"error": "…", "service": %q}`, service),
			At:   "gateway/proxy.go", Next: "Set ErrorHandler of the ReverseProxy: it is called where no answer comes.",
		})
	}
	d.saysJSON(got, fmt.Sprintf("%s is down, and the answer does not say that it is JSON.", service), "gateway/proxy.go")
}

// saysJSON looks whether an answer in JSON says that it is.
func (d *door) saysJSON(got *reply, say, at string) {
	d.s.Helper()
	if kind, _, err := mime.ParseMediaType(got.header.Get("Content-Type")); err != nil || kind != "application/json" {
		d.notYet(check.Finding{Say: say, Got: "Content-Type: " + got.header.Get("Content-Type"), Want: "Content-Type: application/json",
			At: at, Next: "Set the header Content-Type before you call WriteHeader."})
	}
}

// unavailable reports whether a status says that a service does not answer.
func unavailable(status int) bool {
	return slices.Contains([]int{http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout}, status)
}

// The shop's own services are reached through its gateway.
func TestStep01_TheShopHasOneDoor(t *testing.T) {
	t.Parallel()
	s := open(t)
	d := s.sandbox()
	d.eventually(later, func() *check.Finding { // services that were started a moment ago may have to register
		for _, way := range []struct{ method, path, body, service string }{
			{"POST", "/orders", `{"sku": "lamp", "quantity": 2}`, "order"}, {"GET", "/orders/lamp-2-K4F7Q2", "", "order"},
			{"GET", "/products/lamp", "", "product"}, {"GET", "/products/of/lamp-2-K4F7Q2", "", "product"}, {"GET", "/deliveries/lamp-2-K4F7Q2", "", "delivery"},
		} {
			got := d.ask(way.method, way.path, nil, way.body)
			if got.status/100 != 2 || !strings.HasPrefix(got.instance(), way.service) {
				return &check.Finding{Say: fmt.Sprintf("%s %s at the sandbox's gateway is not answered by %s.", way.method, way.path, way.service), Got: got,
					Want: "2xx, of an instance of " + way.service, At: "gateway/routes.go", Next: "Look whether the services run, and where the gateway sends this path."}
			}
		}
		return nil
	})
}
