//go:build lab

package checks

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"testing"

	"cnalab/labs/check"
)

// To a customer the shop is what it was before.
func TestStep02_TheShopIsWhatItWas(t *testing.T) {
	s := open(t)
	p := s.offers(4250, 5)
	o := s.place(order{SKU: p.SKU, Quantity: 3})
	s.shown(o, p.Name, p.Price)
	s.took(o)
	s.left(p.SKU, 2, "An order was placed, and its quantity was not taken from the stock once.")
	for _, refused := range []order{{SKU: p.SKU, Quantity: 3}, {SKU: p.SKU, Quantity: 0}, {SKU: fresh("sku"), Quantity: 1}, {Quantity: 1}} {
		refused.Address = o.Address
		answer := s.order.Post("/orders", refused)
		if answer.Status/100 != 4 {
			s.NotYet(check.Finding{
				Say: "POST /orders takes an order that the shop cannot take, or fails at it.", Got: said(answer), Want: http.StatusUnprocessableEntity, At: "order/orders.go",
				Next: "Answer 422 for a quantity of 0, without a sku, and where there is not so much in stock.",
			})
		}
	}
	if page := s.page(o.Address); len(page) != 1 {
		s.NotYet(check.Finding{
			Say: "POST /orders refused an order, and yet it is on the page.", Got: fmt.Sprintf("%d orders", len(page)), Want: "1", At: "order/orders.go",
			Next: "Store an order only if product has taken its stock.",
		})
	}
	s.left(p.SKU, 2, "POST /orders refused an order, and yet its quantity was taken from the stock.")
	s.newestFirst()
	s.sellsBest()
}

func (s *shop) left(sku string, want int, say string) {
	s.Helper()
	if got := s.find(sku).Stock; got != want {
		s.NotYet(check.Finding{
			Say: say, Got: fmt.Sprintf("%d in stock", got), Want: fmt.Sprintf("%d in stock", want), At: "order/orders.go",
			Next: "client.TakeStock has product take it.",
		})
	}
}

// took looks whether product has noted what an order took, under the order's id.
func (s *shop) took(o order) {
	s.Helper()
	got, noted := s.allTaken()[o.ID]
	if got.SKU == o.SKU && got.Quantity == o.Quantity {
		return
	}
	seen := "nothing for this order"
	if noted {
		seen = fmt.Sprintf("%d of %q", got.Quantity, got.SKU)
	}
	s.NotYet(check.Finding{
		Say: "An order was placed, and GET /taken of product does not have under its id what it took.", Got: seen,
		Want: fmt.Sprintf("order %s: %d of %q", o.ID, o.Quantity, o.SKU), At: "order/orders.go",
		Next: "Make the id first. Give the same id to client.TakeStock and to the order that is stored.",
	})
}

// bestseller is a line of GET /bestsellers.
type bestseller struct {
	SKU, Name string
	Sold      int
}

func listedAs(b bestseller) string {
	return fmt.Sprintf("%s, %q, sold %d times", b.SKU, b.Name, b.Sold)
}

// best is how many lines GET /bestsellers has at the most.
const best = 10

// sellsBest sells more of new products than of any other, one product too many for the
// list, and each as often: the list has the first of them.
func (s *shop) sellsBest() {
	s.Helper()
	var before, after []bestseller
	s.product.Get("/bestsellers").Want(http.StatusOK).JSON(&before)
	most := 1
	if len(before) > 0 {
		most = before[0].Sold/1000 + 1
	}
	sold := 1000*most + 1
	var products []product
	for range best + 1 {
		products = append(products, s.offers(100, sold))
	}
	for i, p := range products {
		quantity := sold
		if i%2 == 0 { // in two orders
			s.place(order{SKU: p.SKU, Quantity: 500 * most})
			quantity -= 500 * most
		}
		s.place(order{SKU: p.SKU, Quantity: quantity})
	}
	s.product.Get("/bestsellers").Want(http.StatusOK).JSON(&after)
	if len(after) > best {
		s.NotYet(check.Finding{
			Say: "GET /bestsellers answers with too many products.", Got: fmt.Sprintf("%d products", len(after)), Want: "ten at the most, as before", At: "product/products.go",
			Next: "Sort the skus by what was sold, then take the first ten.",
		})
	}
	slices.SortFunc(products, func(a, b product) int { return cmp.Compare(a.SKU, b.SKU) })
	for i, p := range products[:best] {
		want, got := bestseller{p.SKU, p.Name, sold}, "nothing"
		if i < len(after) {
			if after[i] == want {
				continue
			}
			got = listedAs(after[i])
		}
		s.NotYet(check.Finding{
			Say: fmt.Sprintf("Eleven new products were sold more than all others, each as often. Line %d of GET /bestsellers is not as it was before the split.", i+1),
			Got: got, Want: listedAs(want), At: "product/products.go",
			Next: "client.Sales asks order how much of each was sold; the names are product's own. Of two that were sold as often, the sku that sorts first comes first.",
		})
	}
}
