//go:build lab

package checks

import (
	"strings"
	"testing"

	"cnalab/labs/check"
	"cnalab/labs/check/gomod"
)

// Order and product do not know each other.
func TestStep02_NoEdgeBetweenOrderAndProduct(t *testing.T) {
	c := check.New(t)
	m := gomod.Load(c)
	m.Want("order")
	m.Want("product")
	for _, pair := range [][2]string{{"order", "product"}, {"product", "order"}} {
		if way := m.Way(pair[0], pair[1]); way != nil {
			c.NotYet(check.Finding{
				Say: pair[0] + " knows " + pair[1] + ".", Got: strings.Join(way, " imports "), Want: "no way from " + pair[0] + " to " + pair[1],
				At: edge(m, way), Next: "Let the package shop ask both, and hand each only plain values.",
			})
		}
	}
}

// A product keeps the rules of the shelf.
func TestStep02_ProductKeepsTheShelf(t *testing.T) { ask(t, keepsTheShelf, productNames) }

// The shop sells by asking order and product.
func TestStep02_TheShopAsksBoth(t *testing.T) {
	c := check.New(t)
	m := gomod.Load(c)
	for _, context := range []string{"order", "product"} {
		m.Want(context)
		if m.Way("shop", context) == nil || len(m.Crossing(context)) == 0 {
			c.NotYet(check.Finding{
				Say: "The shop does not ask " + context + " yet: it has its own.", Got: "no name of " + context + " is used in shop",
				Want: "shop calls " + context, At: "shop/shop.go", Next: "Take shop's own types out, one after the other, and use those of " + context + ".",
			})
		}
	}
	for _, name := range []string{"Order", "Line", "Product"} {
		if own := m.Package("shop").Export(name); own != nil && own.Kind == "type" {
			c.NotYet(check.Finding{
				Say: "The shop still has its own " + name + ".", Got: "type " + name + " in shop", Want: "that of order or product",
				At: own.At, Next: "Delete it, and let the compiler show you who used it.",
			})
		}
	}
	ask(t, sellsAsBefore, shopNames)
}

// edge is where the first package of a way, below the context's folder or
// not, imports the next one.
func edge(m *gomod.Module, way []string) string {
	for _, imported := range m.Package(way[0]).Imports {
		if len(way) > 1 && imported.Path == way[1] {
			return imported.At
		}
	}
	return ""
}
