//go:build lab

package checks

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"cnalab/labs/check"
	"cnalab/labs/check/postgres"
)

const (
	few, many = 5, 50 // orders on a page
	// most is how many statements a page may take in each service, however many orders
	// are on it.
	most = 5
	// tries is how often a page is asked for: what happens beside it by chance, such as
	// an order that asks for changes, does not happen each time.
	tries = 3
)

// cost is what one page took.
type cost struct{ requests, order, product int }

func (c cost) String() string {
	return fmt.Sprintf("%d requests, %d statements of order, %d of product", c.requests, c.order, c.product)
}

// A page of orders takes one request to product, with five orders and with fifty.
func TestStep03_OneRequestForThePage(t *testing.T) {
	s := open(t)
	link := s.link()
	second := s.second(link)
	addresses, pages := map[int]string{}, map[int]cost{}
	for _, orders := range []int{few, many} {
		address := s.fill(orders)
		if first := len(link.during(func() { s.whole(second, address, orders) })); first > most {
			s.NotYet(check.Finding{
				Say: fmt.Sprintf("The first page of %d orders takes many requests to product.", orders), Got: fmt.Sprintf("%d requests", first), Want: "one", At: "order/orders.go",
				Next: "Collect the skus of the page first, then ask product once for all of them.",
			})
		}
		addresses[orders] = address
	}
	for try := range tries {
		for orders, address := range addresses {
			now := s.takes(link, second, address)
			if before := pages[orders]; try > 0 {
				now = cost{min(before.requests, now.requests), min(before.order, now.order), min(before.product, now.product)}
			}
			pages[orders] = now
		}
		if fair(pages[few], pages[many]) {
			break
		}
	}
	if a, b := pages[few], pages[many]; !fair(a, b) {
		s.NotYet(check.Finding{
			Say: fmt.Sprintf("The page of %d orders does not take the same as the page of %d.", many, few), Got: fmt.Sprintf("%d orders: %v; %d orders: %v", few, a, many, b),
			Want: fmt.Sprintf("one request for each page, and the same few statements (%d at the most)", most), At: "order/orders.go",
			Next: "Collect the skus of the page first, then ask product once for all of them. In product, one SELECT finds them: WHERE sku = ANY ($1).",
		})
	}
	s.Saw(check.Finding{Say: "What a page took was counted on the way to product and in the log of Postgres.", Got: fmt.Sprintf("with %d orders and with %d: %v", few, many, pages[many])})
}

// fill places orders to one address, of different products: twenty at the most.
func (s *shop) fill(orders int) (address string) {
	s.Helper()
	address = fresh("street")
	work, failed := make(chan product, orders), make(chan string, orders)
	for i := range min(orders, 20) {
		sku := fresh("sku")
		p := s.set(product{SKU: sku, Name: "Cup " + sku[4:], Price: 900, Stock: orders})
		for range (orders - i + 19) / 20 { // so that they are so many orders together
			work <- p
		}
	}
	close(work)
	var workers sync.WaitGroup
	for range 4 {
		workers.Go(func() {
			for p := range work {
				var answer *check.Answer
				if !s.Within(2*soon, func() bool {
					answer = s.try(s.order, http.MethodPost, "/orders", order{SKU: p.SKU, Quantity: 1, Address: address})
					return answer != nil && answer.Status/100 == 2
				}) {
					failed <- said(answer)
				}
			}
		})
	}
	workers.Wait()
	if len(failed) > 0 {
		s.NotYet(check.Finding{
			Say: "POST /orders does not take an order of a product that is in stock.", Got: <-failed, Want: http.StatusCreated, At: "order/orders.go",
			Next: readLogs, Output: s.LogSince(services...),
		})
	}
	return address
}

// whole looks whether each order on a page has the name and the price of its product.
func (s *shop) whole(of second, address string, orders int) {
	s.Helper()
	s.AwaitServices(soon, func() *check.Finding {
		answer := s.try(of.Service, http.MethodGet, pagePath(address), nil)
		if finding := s.lacks(answer, orders); finding != nil {
			finding.Output = of.Output()
			return finding
		}
		return nil
	}, services...)
}

// lacks says what a page with so many orders of cups lacks.
func (s *shop) lacks(answer *check.Answer, orders int) *check.Finding {
	finding := &check.Finding{Say: "The page of orders does not have the name and the price of each product.", At: "order/orders.go",
		Want: fmt.Sprintf("%d orders, each with name and price", orders), Next: "Find the product of each order by its sku in what product answered."}
	var page []order
	if answer == nil || answer.Status != http.StatusOK || json.Unmarshal(answer.Body, &page) != nil {
		finding.Got = said(answer)
		return finding
	}
	whole := 0
	for _, o := range page {
		if o.Name == "Cup "+strings.TrimPrefix(o.SKU, "sku-") && o.Price == 900 {
			whole++
		}
	}
	if whole == orders && len(page) == orders {
		return nil
	}
	finding.Got = fmt.Sprintf("%d orders, %d of them with name and price", len(page), whole)
	return finding
}

// fair is true of what a small and a large page may take.
func fair(a, b cost) bool {
	return a.requests <= 1 && a == b && a.order <= most && a.product <= most
}

// takes counts what a page takes, with what happens at the same time.
func (s *shop) takes(l *link, of second, address string) (now cost) {
	s.Helper()
	recording := postgres.Record(s.C, "postgres", "order")
	now.requests = len(l.during(func() { s.try(of.Service, http.MethodGet, pagePath(address), nil) }))
	for _, sent := range recording.Statements() {
		switch sent.Application {
		case of.name:
			now.order++
		case "product":
			now.product++
		}
	}
	return now
}

// Order asks product for what is on the page, and for nothing else.
func TestStep03_ItAsksForWhatThePageNeeds(t *testing.T) {
	s := open(t)
	other := s.offers(100, 1)
	s.place(order{SKU: other.SKU, Quantity: 1}) // so that a copy has heard of it
	link := s.link()
	second := s.second(link)
	address := s.fill(few)
	s.whole(second, address, few)
	for range tries {
		needless := slices.ContainsFunc(link.during(func() { s.try(second.Service, http.MethodGet, pagePath(address), nil) }), func(c call) bool {
			return bytes.Contains(c.answer, []byte(other.SKU))
		})
		if !needless {
			return
		}
	}
	s.NotYet(check.Finding{
		Say: "To show a page, order asks product for products that are not on it.", Got: "an answer with " + other.SKU, Want: "an answer with the products of the page",
		At: "order/orders.go", Next: "Send the skus of the page along, and answer with these products alone.",
	})
}

// What product says of a product at this moment is on the page of a new order.
func TestStep03_AChangedProductIsShown(t *testing.T) {
	s := open(t)
	p := s.offers(2200, 1000) // each look at a copy takes one
	o := s.place(order{SKU: p.SKU, Quantity: 1})
	s.shown(o, p.Name, p.Price)
	p.Name, p.Price = "New "+p.Name, 2300
	s.set(p)
	s.AwaitServices(soon, func() *check.Finding {
		last := s.place(order{SKU: p.SKU, Quantity: 1})
		finding := s.differs(s.page(last.Address), last, p.Name, p.Price)
		if finding != nil {
			finding.Say = "A product has another name and another price, and the page of a new order shows the old ones."
			finding.Next = "Show the name and the price that product has now: nobody tells order's memory of a change."
		}
		return finding
	}, services...)
}

// An order of a product that product does not know is shown without its name.
func TestStep03_AnOrderOfAnUnknownProductIsShown(t *testing.T) {
	s := open(t)
	known := s.offers(700, 5)
	o := s.place(order{SKU: known.SKU, Quantity: 1})
	link := s.link()
	second := s.second(link)
	lost := order{SKU: fresh("sku"), Quantity: 1, Address: o.Address}
	link.hooks(func(w http.ResponseWriter, c *call) bool {
		if c.takes() { // as if there were a product
			w.WriteHeader(http.StatusNoContent)
		}
		return !c.takes()
	}, nil)
	answer := s.try(second.Service, http.MethodPost, "/orders", lost)
	if answer == nil || answer.Status/100 != 2 {
		return // an order that has a copy may refuse it
	}
	answer.JSON(&lost)
	defer s.makesGood(lost)
	s.AwaitServices(soon, func() *check.Finding {
		answer := s.try(second.Service, http.MethodGet, pagePath(o.Address), nil)
		finding := &check.Finding{
			Say: "Product does not know one of the products of a page, and the page does not show all of its orders.", Got: said(answer),
			Want: "200, both orders, one of them without a name", At: "order/orders.go", Next: "Leave the name empty where product's answer does not have the sku.", Output: second.Output(),
		}
		var page []order
		if answer == nil || answer.Status != http.StatusOK || json.Unmarshal(answer.Body, &page) != nil || s.differs(page, o, known.Name, known.Price) != nil {
			return finding
		}
		for _, got := range page {
			if got.ID == lost.ID && got.SKU == lost.SKU && got.Quantity == lost.Quantity && got.Name == "" {
				return nil
			}
		}
		return finding
	}, services...)
}

// makesGood gives an order the product and the stock that it lacks.
func (s *shop) makesGood(o order) {
	s.try(s.product, http.MethodPut, "/products/"+o.SKU, product{SKU: o.SKU, Name: "Lost and found", Price: 100, Stock: 10})
	s.try(s.product, http.MethodPost, "/stock/"+o.SKU+"/take", map[string]any{"order": o.ID, "quantity": o.Quantity})
}
