package probe

import (
	"fmt"
	"testing"

	product "shop/product"
)

// The names that step 2 asks for, each with its shape.
var (
	_ func(string, string, float64) (*product.Product, error) = product.New
	_ func(*product.Product) string                           = (*product.Product).SKU
	_ func(*product.Product) string                           = (*product.Product).Title
	_ func(*product.Product) float64                          = (*product.Product).Price
	_ func(*product.Product, string, float64) error           = (*product.Product).Change
	_ func(*product.Product, int) error                       = (*product.Product).Receive
	_ func(*product.Product, int) error                       = (*product.Product).Take
	_ func(*product.Product) int                              = (*product.Product).Stock
)

func state(p *product.Product) string {
	return fmt.Sprintf("%s %q at %.2f, %d on the shelf", p.SKU(), p.Title(), p.Price(), p.Stock())
}

func expect(t *testing.T, p *product.Product, after, want string) {
	t.Helper()
	if got := state(p); got != want {
		notYet(t, finding{Say: "A product is not what it should be after " + after + ".", Got: got, Want: want})
	}
}

func accept(t *testing.T, call string, err error) {
	t.Helper()
	if err != nil {
		notYet(t, finding{Say: call + " is refused, though it breaks no rule.", Got: err, Want: "no error"})
	}
}

func refuse(t *testing.T, call string, err error) {
	t.Helper()
	if err == nil {
		notYet(t, finding{Say: "A rule is not kept: " + call + " is refused.", Got: "no error", Want: "an error"})
	}
}

func TestProduct(t *testing.T) {
	p, err := product.New("tea", "Green tea", 4.35)
	accept(t, `New("tea", "Green tea", 4.35)`, err)
	if p == nil {
		notYet(t, finding{Say: "New returns neither a product nor an error.", Got: "nil, nil", Want: "a product"})
	}
	expect(t, p, "New", `tea "Green tea" at 4.35, 0 on the shelf`)
	accept(t, "Receive(10)", p.Receive(10))
	accept(t, "Take(4)", p.Take(4))
	expect(t, p, "Receive(10) and Take(4)", `tea "Green tea" at 4.35, 6 on the shelf`)
	refuse(t, "taking 7 where 6 are left", p.Take(7))
	refuse(t, "taking none", p.Take(0))
	refuse(t, "taking fewer than none", p.Take(-1))
	refuse(t, "receiving none", p.Receive(0))
	refuse(t, "receiving fewer than none", p.Receive(-1))
	refuse(t, "an empty title", p.Change("", 5))
	refuse(t, "a price below zero", p.Change("Sencha", -1))
	expect(t, p, "calls that were refused", `tea "Green tea" at 4.35, 6 on the shelf`)
	accept(t, `Change("Sencha", 5.20)`, p.Change("Sencha", 5.20))
	accept(t, "Take(6)", p.Take(6))
	expect(t, p, "Change and Take(6)", `tea "Sencha" at 5.20, 0 on the shelf`)
	_, err = product.New("", "Green tea", 4.35)
	refuse(t, "a product without a SKU", err)
	_, err = product.New("tea", "", 4.35)
	refuse(t, "a product without a title", err)
	_, err = product.New("tea", "Green tea", -1)
	refuse(t, "a price below zero", err)
	_, err = product.New("tea", "Green tea", 0)
	accept(t, "a product that is not for sale yet, with a price of 0,", err)
}
