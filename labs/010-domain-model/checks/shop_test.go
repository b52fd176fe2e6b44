//go:build lab

package checks

import (
	"fmt"
	"strings"

	"cnalab/labs/check"
	"cnalab/labs/check/gomod"
)

// counter makes calls of one shop.
type counter struct {
	*gomod.Child
	shop gomod.Value
}

func openShop(c *gomod.Child) counter {
	s, _ := c.Call("shop.Open")
	return counter{c, s}
}

// accept calls a method that has to work, and returns what it says.
func (s counter) accept(method string, args ...any) string {
	said, err := s.shop.Call(method, args...)
	if err != nil {
		s.NotYet(check.Finding{Say: "The shop does not sell as before: " + method + " fails.", Got: err, Want: "no error", Next: "Run main.go and read what the shop says."})
	}
	return said.String()
}

// refuse calls a method that has to return an error.
func (s counter) refuse(what, method string, args ...any) {
	if _, err := s.shop.Call(method, args...); err == nil {
		s.NotYet(check.Finding{Say: "The shop does not refuse " + what + ".", Got: "no error", Want: "an error"})
	}
}

func (s counter) left(sku string) string {
	left, _ := s.shop.Call("Left", sku)
	return left.String()
}

func (s counter) wantLeft(after string, tea, cups int) {
	want := fmt.Sprintf("%d tea, %d cups", tea, cups)
	if got := fmt.Sprintf("%s tea, %s cups", s.left("tea"), s.left("cup")); got != want {
		s.NotYet(check.Finding{
			Say: "The shop has the wrong goods left after " + after + ".", Got: got, Want: want, At: "shop/shop.go",
			Next: "Follow the goods through Deliver, Buy and Cancel: all of a basket, or nothing.",
		})
	}
}

func (s counter) contains(receipt string, words ...string) {
	for _, word := range words {
		if !strings.Contains(receipt, word) {
			s.NotYet(check.Finding{
				Say: "The receipt does not say " + word + ".", Got: receipt, Want: strings.Join(words, ", "),
				Next: "Compare it with what the shop printed before you changed it.",
			})
		}
	}
}

type basket = map[string]int

func sellsAsBefore(c *gomod.Child) {
	s := openShop(c)
	s.accept("Deliver", "tea", "Green tea", 4.35, 10)
	s.accept("Deliver", "cup", "Blue cup", 12, 4)
	s.wantLeft("two deliveries", 10, 4)
	s.contains(s.accept("Buy", "o-1", basket{"tea": 2, "cup": 1}), "o-1", "Green tea", "8.70", "Blue cup", "12.00", "20.70", "EUR")
	s.contains(s.accept("Receipt", "o-1"), "o-1", "Green tea", "20.70")
	s.wantLeft("buying 2 and 1", 8, 3)
	s.accept("Deliver", "tea", "Green tea", 5.20, 5)
	s.wantLeft("another 5 tea", 13, 3)
	s.keepsTotal("o-1", "20.70")
	s.accept("Ship", "o-1")
	s.refuse("cancelling what is on its way", "Cancel", "o-1")
	s.wantLeft("a cancel that was refused", 13, 3)
	s.refusals()
}

// keepsTotal reads the receipt of an order again, after its tea got dearer.
func (s counter) keepsTotal(orderID, total string) {
	if receipt := s.accept("Receipt", orderID); !strings.Contains(receipt, total) {
		s.NotYet(check.Finding{
			Say: fmt.Sprintf("The total of %s was %s, and is not any more after a delivery of dearer tea.", orderID, total),
			Got: receipt, Want: "a receipt with a total of " + total, At: "shop/shop.go",
			Next: "Print what the order says: its lines keep the price that they were placed with.",
		})
	}
}

func (s counter) refusals() {
	for _, refused := range []struct {
		what  string
		wants basket
	}{
		{"more cups than there are", basket{"tea": 1, "cup": 4}},
		{"more tea than there is", basket{"tea": 14, "cup": 1}},
		{"what it does not have", basket{"tea": 1, "pot": 1}},
		{"fewer than one", basket{"tea": 1, "cup": -1}},
		{"an empty basket", basket{}},
	} {
		s.refuse("selling "+refused.what, "Buy", "o-2", refused.wants)
		s.wantLeft("refusing to sell "+refused.what, 13, 3)
	}
	s.refuse("shipping an order it does not have", "Ship", "o-9")
	s.refuse("cancelling an order it does not have", "Cancel", "o-9")
	s.refuse("a receipt for an order it does not have", "Receipt", "o-9")
	s.accept("Buy", "o-3", basket{"tea": 3, "cup": 2})
	s.wantLeft("buying 3 tea and 2 cups", 10, 1)
	s.accept("Cancel", "o-3")
	s.wantLeft("cancelling 3 tea and 2 cups", 13, 3)
	s.refuse("cancelling twice", "Cancel", "o-3")
	s.wantLeft("cancelling twice", 13, 3)
	s.accept("Buy", "o-4", basket{"tea": 13, "cup": 3})
	s.wantLeft("buying all that was left", 0, 0)
	s.deliveries()
}

// deliveries are some that the shelf does not take.
func (s counter) deliveries() {
	s.refuse("a delivery of none", "Deliver", "tea", "Green tea", 4.35, 0)
	s.refuse("a delivery without a title", "Deliver", "tea", "", 4.35, 2)
	s.refuse("a delivery without a SKU", "Deliver", "", "Nothing", 4.35, 2)
	s.refuse("a delivery of goods that it would have to pay people for", "Deliver", "pot", "Tea pot", -1, 2)
	if left := s.left("pot"); left != "0" {
		s.NotYet(check.Finding{Say: "The shop has goods left that it never had.", Got: left + " pots", Want: "0 pots", At: "shop/shop.go"})
	}
}

// keepsReceipts changes a product after somebody bought it.
func keepsReceipts(c *gomod.Child) {
	s := openShop(c)
	s.accept("Deliver", "tea", "Green tea", 4.35, 10)
	before := s.accept("Buy", "o-1", basket{"tea": 2})
	s.contains(before, "Green tea", "8.70")
	s.accept("Deliver", "tea", "Sencha", 5.20, 1)
	if after := s.accept("Receipt", "o-1"); after != before {
		s.NotYet(check.Finding{
			Say: "The receipt of a placed order changes with the product.", Got: after, Want: before,
			Next: "Let the receipt read its order and nothing else.",
		})
	}
	s.contains(s.accept("Buy", "o-2", basket{"tea": 1}), "Sencha", "5.20")
	s.accept("Deliver", "new", "Not for sale yet", 0, 3)
	s.refuse("selling what is not for sale yet", "Buy", "o-3", basket{"tea": 1, "new": 1})
	if left := s.left("tea"); s.left("new") != "3" || left != "8" {
		s.NotYet(check.Finding{Say: "A refused basket leaves the shelf.", Got: left, Want: 8})
	}
}
