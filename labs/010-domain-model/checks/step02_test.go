//go:build lab

package checks

import (
	"fmt"
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
				Say: fmt.Sprintf("%s knows %s.", pair[0], pair[1]), Got: strings.Join(way, " → "), Want: fmt.Sprintf("no import that leads from %s to %s", pair[0], pair[1]),
				At: edge(m, way), Next: "Let the package shop ask both, and hand each only plain values.",
			})
		}
	}
}

// A product keeps the rules of the shelf.
func TestStep02_ProductKeepsTheShelf(t *testing.T) {
	c := check.New(t)
	isClosed(c, gomod.Load(c).Want("product"), "Product")
	ask(t, keepsTheShelf, productNames)
}

// The shop sells by asking order and product.
func TestStep02_TheShopAsksBoth(t *testing.T) {
	c := check.New(t)
	m := gomod.Load(c)
	for _, context := range []string{"order", "product"} {
		m.Want(context)
		if m.Way("shop", context) == nil || len(m.Crossing(context)) == 0 {
			c.NotYet(check.Finding{
				Say: fmt.Sprintf("The shop does not ask %s yet.", context), Got: fmt.Sprintf("shop imports no %s", context),
				Want: fmt.Sprintf("a shop that sells with %s", context), At: "shop/shop.go", Next: "Take shop's own types out, and use those of order and product.",
			})
		}
	}
	for _, name := range []string{"Order", "Line", "Product"} {
		if own := m.Package("shop").Export(name); own != nil && own.Kind == "type" {
			c.NotYet(check.Finding{
				Say: fmt.Sprintf("The shop still has its own %s.", name), Got: fmt.Sprintf("type %s in shop", name), Want: "the types of order and product",
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
