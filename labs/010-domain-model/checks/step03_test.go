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
func TestStep03_NoEdgeBetweenOrderAndProduct(t *testing.T) {
	c := check.New(t)
	m := gomod.Load(c)
	m.Want("order")
	m.Want("product")
	for _, pair := range [][2]string{{"order", "product"}, {"product", "order"}} {
		if way := m.Way(pair[0], pair[1]); way != nil {
			c.NotYet(check.Finding{
				Say: fmt.Sprintf("Package %s depends on package %s.", pair[0], pair[1]), Got: strings.Join(way, " → "), Want: fmt.Sprintf("no import that leads from %s to %s", pair[0], pair[1]),
				At: edge(m, way), Next: "Let the package shop call both, and pass only plain values to each.",
			})
		}
	}
}

// A product keeps the rules of the shelf.
func TestStep03_ProductKeepsTheShelf(t *testing.T) {
	c := check.New(t)
	isClosed(c, gomod.Load(c).Want("product"), "Product")
	ask(t, keepsTheShelf, productNames)
}

// The shop sells by asking order and product.
func TestStep03_TheShopAsksBoth(t *testing.T) {
	c := check.New(t)
	m := gomod.Load(c)
	for _, context := range []string{"order", "product"} {
		m.Want(context)
		if m.Way("shop", context) == nil || len(m.Crossing(context)) == 0 {
			c.NotYet(check.Finding{
				Say: fmt.Sprintf("The shop does not use package %s yet.", context), Got: fmt.Sprintf("shop does not import package %s", context),
				Want: fmt.Sprintf("a shop that sells with %s", context), At: "shop/shop.go", Next: "Remove shop's own types, and use those of order and product.",
			})
		}
	}
	for _, name := range []string{"Order", "Line", "Product"} {
		if own := m.Package("shop").Export(name); own != nil && own.Kind == "type" {
			c.NotYet(check.Finding{
				Say: fmt.Sprintf("The shop still has its own %s.", name), Got: fmt.Sprintf("type %s in shop", name), Want: "the types of order and product",
				At: own.At, Next: "Delete it. Then the compiler shows you each place that used it.",
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
