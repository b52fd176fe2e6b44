//go:build lab

package checks

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"cnalab/labs/check"
)

const (
	// asked is how long the text lets a page take, whatever product does.
	asked = 3 * time.Second
	// bound is how long a check waits for that on a busy machine.
	bound = 5 * time.Second
)

// What product does when it does not answer.
const (
	silent  = "product accepts the request and answers nothing"
	stalled = "product sends half of its answer and then nothing"
	gone    = "product closes the connection"
)

// With a product that does not answer, order gives up in time and says so.
func TestStep03_ASlowProductIsToldOf(t *testing.T) {
	s := open(t)
	address := s.fill(2)
	stock := s.offers(1300, 10)
	s.place(order{SKU: stock.SKU, Quantity: 1}) // so that a copy has heard of it
	ways := []string{silent, stalled, gone}
	links, seconds, pages, orders := map[string]*link{}, map[string]second{}, map[string]*sent{}, map[string]*sent{}
	usual := time.Duration(0)
	release := make(chan struct{})
	for _, way := range ways {
		links[way] = s.link()
		seconds[way] = s.second(links[way])
		s.whole(seconds[way], address, 2)
		page := s.send(seconds[way].Service, http.MethodGet, pagePath(address), nil)
		<-page.done
		usual = max(usual, page.took)
		links[way].hooks(func(w http.ResponseWriter, c *call) bool { return s.hangs(way, w, c, release) }, nil)
	}
	paused := s.Fault("order")
	paused.Pause()
	for _, way := range ways {
		pages[way] = s.send(seconds[way].Service, http.MethodGet, pagePath(address), nil)
		if way != stalled { // who reads no body of that answer has it
			orders[way] = s.send(seconds[way].Service, http.MethodPost, "/orders", order{SKU: stock.SKU, Quantity: 1, Address: address + " 2"})
		}
	}
	best := s.send(s.product, http.MethodGet, "/bestsellers", nil)
	s.Within(bound, func() bool {
		return best.over() && pages[silent].over() && pages[stalled].over() && pages[gone].over() && orders[silent].over() && orders[gone].over()
	})
	paused.Heal()
	for _, way := range ways {
		s.givesUp(way, pages[way], seconds[way])
		s.inTime(way, pages[way], usual)
	}
	for _, way := range []string{silent, gone} {
		s.refusesOrders(way, orders[way], seconds[way])
	}
	if !best.over() {
		s.NotYet(check.Finding{
			Say: "While order accepts the request and answers nothing, product does not answer GET /bestsellers.", Got: fmt.Sprintf("no answer within %s", bound),
			Want: "an answer within 3 s", At: "client/client.go", Next: "Give each request a deadline, those of product to order too.", Output: s.LogSince("product"),
		})
	}
	close(release)
	for _, way := range ways {
		links[way].hooks(nil, nil)
		s.whole(seconds[way], address, 2)
	}
}

// hangs keeps a request that asks for something from being answered.
func (s *shop) hangs(way string, w http.ResponseWriter, c *call, release chan struct{}) bool {
	if way == gone {
		panic(http.ErrAbortHandler)
	}
	if way == stalled {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte("[ "))
		_ = http.NewResponseController(w).Flush()
	}
	select {
	case <-release:
	case <-c.request.Context().Done():
	case <-s.Context.Done():
	}
	panic(http.ErrAbortHandler)
}

// givesUp looks at the page that was asked for meanwhile.
func (s *shop) givesUp(way string, page *sent, of second) {
	s.Helper()
	if !page.over() {
		s.NotYet(check.Finding{
			Say: "While " + way + ", order does not answer GET /orders.", Got: fmt.Sprintf("no answer within %s", bound), Want: "an answer within 3 s", At: "client/client.go",
			Next: "Give each request a deadline with context.WithTimeout. It has to last until the whole body is read.", Output: of.Output(),
		})
	}
	answer := page.answer
	if answer != nil && answer.Status == http.StatusOK && s.lacks(answer, 2) == nil {
		return // it can do without product
	}
	if !blamesProduct(answer) {
		s.NotYet(check.Finding{
			Say: "While " + way + ", GET /orders does not say what is wrong.", Got: said(answer), Want: "502, 503 or 504, with a sentence that names product", At: "order/http.go",
			Next: "Tell an error of the request to product from other errors, with errors.Is, and answer it by a status of its own.", Output: of.Output(),
		})
	}
}

// blamesProduct is true of an answer that says that product is away.
func blamesProduct(answer *check.Answer) bool {
	return answer != nil && slices.Contains([]int{http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout}, answer.Status) &&
		strings.Contains(strings.ToLower(string(answer.Body)), "product")
}

// inTime looks how long a page took. A machine on which a page usually takes long is
// given more.
func (s *shop) inTime(way string, page *sent, usual time.Duration) {
	s.Helper()
	if page.took > asked+400*time.Millisecond+8*usual {
		s.NotYet(check.Finding{
			Say: "While " + way + ", the page of orders takes longer than the step asks for.", Got: page.took.Round(100 * time.Millisecond), Want: "an answer within 3 s", At: "order/orders.go",
			Next: "The 3 s are for the whole page: where it asks product a second time, that has to fit into them, too.",
		})
	}
}

// refusesOrders looks at the order that was placed meanwhile: nobody can take its stock.
func (s *shop) refusesOrders(way string, placed *sent, of second) {
	s.Helper()
	if !placed.over() {
		s.NotYet(check.Finding{
			Say: "While " + way + ", order does not answer POST /orders.", Got: fmt.Sprintf("no answer within %s", bound), Want: "an answer within 3 s", At: "client/client.go",
			Next: "Give each request a deadline with context.WithTimeout, not only those for the page.", Output: of.Output(),
		})
	}
	if !blamesProduct(placed.answer) {
		s.NotYet(check.Finding{
			Say: "While " + way + ", POST /orders does not say what is wrong.", Got: said(placed.answer), Want: "502, 503 or 504, with a sentence that names product", At: "order/http.go",
			Next: "Refuse an order only where product says that it has too few. Answer other errors of the request to product by a status of their own.", Output: of.Output(),
		})
	}
}

// An error of order's own database is not called one of product.
func TestStep03_AnErrorOfItsOwnIsNotProducts(t *testing.T) {
	s := open(t)
	address := s.fill(2)
	second := s.second(s.link())
	s.whole(second, address, 2)
	page := s.brokenOff("order", second.name, func() *sent { return s.send(second.Service, http.MethodGet, pagePath(address), nil) })
	if page == nil || page.Status != http.StatusInternalServerError {
		s.NotYet(check.Finding{
			Say: "Order's own database broke off the statement for the page, and GET /orders does not answer as for an error of its own.", Got: said(page),
			Want: http.StatusInternalServerError, At: "order/http.go", Next: "Wrap only what the request to product returns with the error that means that product is away.", Output: second.Output(),
		})
	}
}

// An error of product's database is no page without names.
func TestStep03_AnErrorOfProductsDatabaseIsToldOf(t *testing.T) {
	s := open(t)
	address := s.fill(2)
	products := s.another("product", "SERVICE_ORDER="+s.linkTo("order").server.URL)
	link := s.link()
	second := s.second(link)
	s.whole(second, address, 2)
	link.leadsTo(products)
	for range 2 { // as its first statement, and when the statement is known
		answer := s.brokenOff("product", products.name, func() *sent { return s.send(second.Service, http.MethodGet, pagePath(address), nil) })
		if answer != nil && answer.Status == http.StatusOK && s.lacks(answer, 2) != nil {
			s.NotYet(check.Finding{
				Say: "Product's own database broke off the statement for the products of a page, and GET /orders shows a page without them.", Got: said(answer),
				Want: "a status of 500 or more", At: "product/http.go", Next: "Let product answer 500 where its database fails, and pass the error on in order.", Output: products.Output(),
			})
		}
		s.whole(second, address, 2)
	}
}
