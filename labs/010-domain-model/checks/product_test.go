//go:build lab

package checks

import (
	"fmt"

	"cnalab/labs/check"
	"cnalab/labs/check/gomod"
)

// onShelf is what anybody can see of a product.
type onShelf struct {
	SKU, Title string
	Price      float64
	Stock      int
}

func (p onShelf) String() string {
	return fmt.Sprintf("%s %q at %g, %d on the shelf", p.SKU, p.Title, p.Price, p.Stock)
}

// shelfed makes calls of one product.
type shelfed struct {
	*gomod.Child
	product gomod.Value
}

func (s shelfed) accept(says, method string, args ...any) {
	_, err := s.product.Call(method, args...)
	accept(s.Child, says, err)
}

// refuse makes a call that breaks the rule.
func (s shelfed) refuse(says, rule, method string, args ...any) {
	_, err := s.product.Call(method, args...)
	s.refused(says, rule, err)
}

func (s shelfed) refused(says, rule string, err error) {
	if err == nil {
		s.NotYet(check.Finding{Say: fmt.Sprintf("%s returned no error.", says), Got: "no error", Want: rule, Next: "Return an error, and change nothing."})
	}
}

func (s shelfed) expect(after, title string, price float64, stock int) {
	want := onShelf{"tea", title, price, stock}
	var got onShelf
	s.product.Read(&got)
	if got != want {
		s.NotYet(check.Finding{
			Say: fmt.Sprintf("The product is wrong after %s.", after), Got: got, Want: want,
			Next: "Follow the SKU, the title, the price and the stock through these calls.",
		})
	}
}

// The rules of the shelf.
const (
	ruleTitle = "an error: a product has a title"
	ruleSKU   = "an error: a product has a SKU"
	rulePrice = "an error: a price is not below zero"
	ruleOne   = "an error: at least one is taken or delivered"
	ruleThere = "an error: only what is there can be taken"
)

func keepsTheShelf(c *gomod.Child) {
	hidesFields(c, "product.Product")
	p, err := c.Call("product.New", "tea", "Green tea", 4.35)
	accept(c, `New("tea", "Green tea", 4.35)`, err)
	if p.Nil() {
		c.NotYet(check.Finding{Say: "New returns neither a product nor an error.", Got: "nil, nil", Want: "a product", Next: "Return the product that New has made."})
	}
	s := shelfed{c, p}
	s.expect("New", "Green tea", 4.35, 0)
	s.refuse("Take(1) with 0 left", ruleThere, "Take", 1)
	s.accept("Receive(10)", "Receive", 10)
	s.accept("Take(4)", "Take", 4)
	s.expect("Receive(10) and Take(4)", "Green tea", 4.35, 6)
	s.refuse("Take(7) with 6 left", ruleThere, "Take", 7)
	s.refuse("Take(0)", ruleOne, "Take", 0)
	s.refuse("Take(-1)", ruleOne, "Take", -1)
	s.refuse("Receive(0)", ruleOne, "Receive", 0)
	s.refuse("Receive(-1)", ruleOne, "Receive", -1)
	s.refuse(`Change("", 5)`, ruleTitle, "Change", "", 5)
	s.refuse(`Change("Sencha", -1)`, rulePrice, "Change", "Sencha", -1)
	s.refuse(`Change("Sencha", -0.01)`, rulePrice, "Change", "Sencha", -0.01)
	s.expect("calls that were refused", "Green tea", 4.35, 6)
	s.accept(`Change("Sencha", 5.20)`, "Change", "Sencha", 5.20)
	s.accept("Take(6)", "Take", 6)
	s.expect(`Change("Sencha", 5.20) and Take(6)`, "Sencha", 5.20, 0)
	s.accept("Receive(1)", "Receive", 1)
	s.accept("Take(1)", "Take", 1)
	s.accept(`Change("Sencha", 0)`, "Change", "Sencha", 0)
	s.expect(`Receive(1), Take(1) and Change("Sencha", 0)`, "Sencha", 0, 0)
	s.keepsPrices()
	s.news()
	survivesRandomDeliveries(c)
	keepsTheShelfOfItsOwn(c)
}

// keepsPrices gives prices that are more than whole cents.
func (s shelfed) keepsPrices() {
	for _, price := range []float64{0.125, 0.004, 0.12345, 0.00004, 19.999, 3.141592653, 1234567.891} {
		call := fmt.Sprintf(`Change("Sencha", %g)`, price)
		s.accept(call, "Change", "Sencha", price)
		s.expect(call, "Sencha", price, 0)
		p, err := s.Call("product.New", "tea", "Sencha", price)
		call = fmt.Sprintf(`New("tea", "Sencha", %g)`, price)
		accept(s.Child, call, err)
		shelfed{s.Child, p}.expect(call, "Sencha", price, 0)
	}
}

// news are products that may be, or may not.
func (s shelfed) news() {
	_, err := s.Call("product.New", "", "Green tea", 4.35)
	s.refused(`New("", "Green tea", 4.35)`, ruleSKU, err)
	_, err = s.Call("product.New", "tea", "", 4.35)
	s.refused(`New("tea", "", 4.35)`, ruleTitle, err)
	_, err = s.Call("product.New", "tea", "Green tea", -1)
	s.refused(`New("tea", "Green tea", -1)`, rulePrice, err)
	_, err = s.Call("product.New", "tea", "Green tea", 0)
	accept(s.Child, `New("tea", "Green tea", 0) of a product that is not for sale yet`, err)
}

// keepsTheShelfOfItsOwn does with a product all else that others can.
func keepsTheShelfOfItsOwn(c *gomod.Child) {
	moves := gomod.Fuzz[onShelf](c, gomod.Fuzzing{
		Story: gomod.Story{
			First: gomod.Call{Name: "product.New", Args: []any{"tea", "Green tea", 4.35}},
			Then:  []gomod.Call{{Name: "Receive", Args: []any{3}}},
		},
		Leave:   []string{"Change", "Receive", "Take", "New"},
		Package: "product",
		After:   []gomod.Call{{Name: "Take", Args: []any{8}}},
	})
	for _, move := range moves {
		for i, now := range append(move.Seen, move.Made...) {
			if now.SKU == "" || now.Title == "" || now.Stock < 0 || !(now.Price >= 0) {
				c.NotYet(check.Finding{
					Say: fmt.Sprintf("A product breaks a rule of the shelf after %s.", movedTo("New and Receive(3)", move.Text, []string{"o.Take(8)"}, i, len(move.Seen))), Got: now,
					Want: "a SKU and a title, a price and a stock not below zero", Next: "Check the same rules there as in Change and Take, or start its name with a lower-case letter.",
				})
			}
		}
	}
}
