//go:build lab

package checks

import (
	"fmt"
	"slices"
	"strings"

	"cnalab/labs/check"
	"cnalab/labs/check/gomod"
)

// sorts are goods of which the shop has five each, at 2.50.
var sorts = []string{"cup", "jar", "pen", "pot", "tea", "urn"}

// oneOfEach is a basket with everything in it.
func oneOfEach() basket {
	all := basket{}
	for _, sku := range sorts {
		all[sku] = 1
	}
	return all
}

// fullShop is one that has all sorts of goods.
func fullShop(c *gomod.Child) counter {
	s := openShop(c)
	for _, sku := range sorts {
		s.accept("Deliver", sku, "The "+sku, 2.5, 5)
	}
	return s
}

func (s counter) wantEach(after string, each int) {
	var got, want []string
	for _, sku := range sorts {
		got, want = append(got, fmt.Sprintf("%s %s", s.left(sku), sku)), append(want, fmt.Sprintf("%d %s", each, sku))
	}
	if got, want := strings.Join(got, ", "), strings.Join(want, ", "); got != want {
		s.NotYet(check.Finding{
			Say: fmt.Sprintf("The shop has the wrong stock after %s.", after), Got: got, Want: want, At: "shop/shop.go",
			Next: "Follow the stock through Deliver, Buy and Cancel: each takes or gives back the whole basket, or nothing.",
		})
	}
}

// sellsWholeBaskets has one thing of a basket lacking, each in turn: in whatever
// order the shop goes through it, everything stays on the shelf.
func sellsWholeBaskets(c *gomod.Child) {
	s := fullShop(c)
	if left := openShop(c).left("tea"); left != "0" {
		s.NotYet(check.Finding{
			Say: "Left reports stock that was never delivered.", Got: fmt.Sprintf("%s tea", left), Want: "0 tea", At: "shop/shop.go",
			Next: "Let each call of Open return an empty shop that shares nothing with the others.",
		})
	}
	refused := func(why, id, sku string, quantity int) {
		wants := oneOfEach()
		wants[sku] = quantity
		s.refuse(why, "Buy", id, wants)
		s.wantEach(calls("Buy", []any{id, wants}), 5)
	}
	for range 2 {
		for _, sku := range sorts {
			refused("an error: there are not that many", "o-1", sku, 6)
		}
	}
	for _, sku := range []string{"ant", "zip"} {
		refused("an error: there is no such product", "o-1", sku, 1)
	}
	for _, sku := range []string{"cup", "urn"} {
		refused("an error: at least one is taken", "o-1", sku, 0)
		refused("an error: at least one is taken", "o-1", sku, -1)
	}
	refused("an error: an order has a number", "", "cup", 1)
	s.accept("Buy", "o-1", oneOfEach())
	s.wantEach(calls("Buy", []any{"o-1", oneOfEach()}), 4)
	s.accept("Cancel", "o-1")
	s.wantEach(calls("Cancel", []any{"o-1"}), 5)
	s.keepsWhatItRefuses()
	keepsTheFirstOrder(c)
	walksAtRandom(c, false)
}

// keepsTheFirstOrder has Buy refuse all that comes under a number that is there,
// also when its order has ended.
func keepsTheFirstOrder(c *gomod.Child) {
	const once = "an error: a number names one order"
	s := fullShop(c)
	receipt := s.accept("Buy", "o-1", oneOfEach())
	for _, wants := range []basket{{"tea": 1}, oneOfEach(), {"tea": 9}, {"tea": 1, "zip": 1}, {"tea": 0}, {}} {
		s.refuse(once, "Buy", "o-1", wants)
		s.wantEach(calls("Buy", []any{"o-1", wants}), 4)
		if now := s.accept("Receipt", "o-1"); !sameReceipt(now, receipt) {
			s.NotYet(check.Finding{
				Say: fmt.Sprintf("%s was refused, but it changed the first order.", calls("Buy", []any{"o-1", wants})), Got: now, Want: receipt, At: "shop/shop.go",
				Next: "Look for an order with that number first, before anything changes.",
			})
		}
	}
	s.accept("Cancel", "o-1")
	s.wantEach(calls("Cancel", []any{"o-1"}), 5)
	s.refuse(once, "Buy", "o-1", basket{"tea": 1})
	s.wantEach(calls("Buy", []any{"o-1", basket{"tea": 1}}), 5)
}

// keepsWhatItRefuses has deliveries refused that would change a product, and one
// that does.
func (s counter) keepsWhatItRefuses() {
	for _, delivery := range []struct {
		why, title string
		price      float64
		quantity   int
	}{{ruleOne, "Other tea", 9.75, 0}, {ruleTitle, "", 9.75, 1}, {rulePrice, "Other tea", -1, 1}} {
		args := []any{"tea", delivery.title, delivery.price, delivery.quantity}
		s.refuse(delivery.why, "Deliver", args...)
		s.wantEach(calls("Deliver", args), 5)
	}
	receipt := s.accept("Buy", "o-2", basket{"tea": 1})
	if !strings.Contains(receipt, "The tea") || !strings.Contains(receipt, "2.50") {
		s.NotYet(check.Finding{
			Say: "A delivery that was refused has changed the product.", Got: receipt, Want: "The tea 2.50", At: "shop/shop.go",
			Next: "Check all the rules of a delivery before the first change.",
		})
	}
	s.accept("Deliver", "tea", "Spring tea", 3.75, 1)
	receipt = s.accept("Buy", "o-3", basket{"tea": 1})
	if !strings.Contains(receipt, "Spring tea") || !strings.Contains(receipt, "3.75") {
		s.NotYet(check.Finding{
			Say: "A delivery of a product that is there already does not change its title and price.", Got: receipt, Want: "Spring tea 3.75", At: "shop/shop.go",
			Next: "Let Deliver change the product that is on the shelf.",
		})
	}
}

// takesAtOnce counts how often the goods change while the shop asks product: for
// a basket of many as often as for a basket of one.
func takesAtOnce(c *gomod.Child) {
	s := fullShop(c)
	c.Watch(s.shop, "product")
	var changes [2]map[string]int
	for i, wants := range []basket{{"tea": 1}, oneOfEach()} {
		id := fmt.Sprintf("o-%d", i+1)
		changes[i] = map[string]int{"Buy": s.changes("Buy", id, wants), "Cancel": s.changes("Cancel", id)}
	}
	for _, method := range []string{"Buy", "Cancel"} {
		if one, many := changes[0][method], changes[1][method]; many > one {
			s.NotYet(check.Finding{
				Say: fmt.Sprintf("%s handles the basket product by product in shop: for %d products it changes the shelf %d times.", method, len(sorts), many), Got: many, Want: one, At: "shop/shop.go",
				Next: "Pass the whole basket to one method of product that takes all of it or nothing, and to another that gives it back.",
			})
		}
	}
}

// changes has the method called, and tells how often the shelf has changed then.
func (s counter) changes(method string, args ...any) int {
	s.Calls()
	s.accept(method, args...)
	calls := s.Calls()
	asks := s.stock()
	for _, use := range calls.Outside {
		if use.Package == "product" && slices.Contains(asks, use.Name) {
			s.NotYet(check.Finding{
				Say: fmt.Sprintf("%s asks for the stock first, although taking the basket compares it.", method), Got: "product." + use.Name, Want: "one call with the basket, which product takes or refuses", At: use.At,
				Next: "Remove what is asked twice.",
			})
		}
	}
	return calls.Changes
}

// stock are the names of product that tell how many there are: Stock, and what
// Left asks where that is one name.
func (s counter) stock() []string {
	s.Calls()
	s.left("tea")
	var asked []string
	for _, use := range s.Calls().Outside {
		if use.Package == "product" {
			asked = append(asked, use.Name)
		}
	}
	if slices.Sort(asked); len(slices.Compact(asked)) != 1 {
		asked = nil
	}
	return append(asked, "Product.Stock")
}

// crossed are the calls that a day in the shop makes of functions of order,
// product and catalog from outside, also through an interface.
func crossed(c *gomod.Child) []gomod.Use {
	s, _ := c.Call("shop.Open")
	c.Calls()
	for _, sku := range sorts {
		s.Try("Deliver", sku, "The "+sku, 2.5, 5)
	}
	for _, id := range []string{"o-1", "o-2"} {
		s.Try("Buy", id, oneOfEach())
		s.Try("Receipt", id)
	}
	s.Try("Ship", "o-1")
	s.Try("Cancel", "o-1")
	s.Try("Cancel", "o-2")
	s.Try("Buy", "o-3", basket{"tea": 9})
	s.Try("Left", "tea")
	return c.Calls().Outside
}
