//go:build lab

package checks

import (
	"fmt"
	"strings"

	"cnalab/labs/check"
	"cnalab/labs/check/gomod"
)

// asksNobodyElse ends the check where a receipt has led to a product, or to no
// order.
func (s counter) asksNobodyElse() {
	called := s.Calls().Names
	for _, name := range called {
		if strings.HasPrefix(name, "product.") {
			s.NotYet(check.Finding{
				Say: "Receipt calls package product.", Got: name, Want: "no function of product is called", At: "shop/shop.go",
				Next: "Let the receipt read only its order.",
			})
		}
	}
	s.asked("Receipt", called, "order")
}

// keepsReceipts changes a product after somebody bought it.
func keepsReceipts(c *gomod.Child) {
	keepsTheReceipt(c)
	walksAtRandom(c, true)
}

func keepsTheReceipt(c *gomod.Child) {
	s := openShop(c)
	s.accept("Deliver", "tea", "Green tea", 4.35, 10)
	s.Calls()
	before := s.accept("Buy", "o-1", basket{"tea": 2})
	s.asks("Buy", "catalog")
	s.contains(before, "o-1", []string{"Green tea"}, "8.70")
	s.accept("Deliver", "tea", "Sencha", 5.20, 1)
	s.Calls()
	after := s.accept("Receipt", "o-1")
	s.asksNobodyElse()
	if after != before {
		s.NotYet(check.Finding{
			Say: "The receipt of a placed order changes with the product.", Got: after, Want: before,
			Next: "Let the receipt read only its order.",
		})
	}
	s.contains(s.accept("Buy", "o-2", basket{"tea": 1}), "o-2", []string{"Sencha"}, "5.20")
	s.accept("Deliver", "new", "Not for sale yet", 0, 3)
	for _, wants := range []basket{{"tea": 1, "new": 1}, {"new": 1}} {
		s.refuse("an error: it is not for sale yet", "Buy", "o-3", wants)
		if got := fmt.Sprintf("%s tea, %s new", s.left("tea"), s.left("new")); got != "8 tea, 3 new" {
			s.NotYet(check.Finding{
				Say: fmt.Sprintf("The shop has the wrong stock after %s.", calls("Buy", []any{"o-3", wants})), Got: got, Want: "8 tea, 3 new", Next: "Make all the items before you take the first one off the shelf.",
			})
		}
	}
}

// sellsWhatTheCatalogSays has catalog.Item say something else than the product
// does, which is what the customer has to get.
func sellsWhatTheCatalogSays(c *gomod.Child) {
	s := openShop(c)
	s.accept("Deliver", "tea", "Swapped", 4.35, 10)
	receipt := s.accept("Buy", "o-1", basket{"tea": 2})
	for _, receipt := range []string{receipt, s.accept("Receipt", "o-1")} {
		if !strings.Contains(receipt, "Jasmine") || !strings.Contains(receipt, "15.54") {
			s.NotYet(check.Finding{
				Say: "catalog.Item returned Jasmine at 7.77 EUR, but something else was sold.", Got: receipt, Want: "2 Jasmine, 15.54 EUR", At: "shop/shop.go",
				Next: "Put the item that catalog.Item returns on the line, and print its name and price from the order.",
			})
		}
	}
}
