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
	return fmt.Sprintf("%s %q at %.2f, %d on the shelf", p.SKU, p.Title, p.Price, p.Stock)
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

func (s shelfed) refuse(what, method string, args ...any) {
	_, err := s.product.Call(method, args...)
	s.refused(what, err)
}

func (s shelfed) refused(what string, err error) {
	if err == nil {
		s.NotYet(check.Finding{Say: "A rule is not kept: " + what + " is refused.", Got: "no error", Want: "an error"})
	}
}

func (s shelfed) expect(after, want string) {
	var got onShelf
	s.product.Read(&got)
	if got.String() != want {
		s.NotYet(check.Finding{Say: "A product is not what it should be after " + after + ".", Got: got, Want: want})
	}
}

func keepsTheShelf(c *gomod.Child) {
	p, err := c.Call("product.New", "tea", "Green tea", 4.35)
	accept(c, `New("tea", "Green tea", 4.35)`, err)
	if p.Nil() {
		c.NotYet(check.Finding{Say: "New returns neither a product nor an error.", Got: "nil, nil", Want: "a product"})
	}
	s := shelfed{c, p}
	s.expect("New", `tea "Green tea" at 4.35, 0 on the shelf`)
	s.accept("Receive(10)", "Receive", 10)
	s.accept("Take(4)", "Take", 4)
	s.expect("Receive(10) and Take(4)", `tea "Green tea" at 4.35, 6 on the shelf`)
	s.refuse("taking 7 where 6 are left", "Take", 7)
	s.refuse("taking none", "Take", 0)
	s.refuse("taking fewer than none", "Take", -1)
	s.refuse("receiving none", "Receive", 0)
	s.refuse("receiving fewer than none", "Receive", -1)
	s.refuse("an empty title", "Change", "", 5)
	s.refuse("a price below zero", "Change", "Sencha", -1)
	s.expect("calls that were refused", `tea "Green tea" at 4.35, 6 on the shelf`)
	s.accept(`Change("Sencha", 5.20)`, "Change", "Sencha", 5.20)
	s.accept("Take(6)", "Take", 6)
	s.expect("Change and Take(6)", `tea "Sencha" at 5.20, 0 on the shelf`)
	s.accept("Receive(1)", "Receive", 1)
	s.accept("Take(1)", "Take", 1)
	s.expect("Receive(1) and Take(1)", `tea "Sencha" at 5.20, 0 on the shelf`)
	s.news()
}

// news are products that may be, or may not.
func (s shelfed) news() {
	_, err := s.Call("product.New", "", "Green tea", 4.35)
	s.refused("a product without a SKU", err)
	_, err = s.Call("product.New", "tea", "", 4.35)
	s.refused("a product without a title", err)
	_, err = s.Call("product.New", "tea", "Green tea", -1)
	s.refused("a price below zero", err)
	_, err = s.Call("product.New", "tea", "Green tea", 0)
	accept(s.Child, "a product that is not for sale yet, with a price of 0,", err)
}
