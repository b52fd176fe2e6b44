//go:build lab

package checks

import (
	"fmt"
	"strings"
	"testing"

	"cnalab/labs/check"
	"cnalab/labs/check/gomod"
)

// The catalog translates a product into an item.
func TestStep06_CatalogTranslates(t *testing.T) { ask(t, translates, orderNames, catalogNames) }

// A placed order keeps the name and price that it was placed with.
func TestStep06_PlacedOrdersKeepTheirItems(t *testing.T) {
	ask(t, keepsItems, orderNames, catalogNames)
}

// A receipt stays the same when the product changes.
func TestStep06_ReceiptsStayTheSame(t *testing.T) { ask(t, keepsReceipts, shopNames) }

// Only the catalog turns a product into an item.
func TestStep06_OneTranslator(t *testing.T) {
	c := check.New(t)
	m := gomod.Load(c)
	m.Want("catalog")
	var called []gomod.Use
	ask(t, func(c *gomod.Child) { called = crossed(c) }, shopNames)
	for _, use := range m.Crossing("order") {
		outside := !strings.HasPrefix(use.At, translator)
		if outside && (use.Name == "Item" || use.Name == "NewMoney") {
			c.NotYet(check.Finding{
				Say: fmt.Sprintf("Only catalog makes items, but order.%s is used outside of catalog.", use.Name), Got: use.At,
				Want: "order.Item and order.NewMoney in catalog alone", At: use.At, Next: "Call catalog.Item there.",
			})
		}
	}
	for _, use := range append(m.Crossing("product"), called...) {
		if use.Package == "product" && use.Name == "Product.Price" && !strings.HasPrefix(use.At, translator) {
			c.NotYet(check.Finding{
				Say: "Only catalog reads prices, but a product's price is read outside of catalog.", Got: use.At,
				Want: "product.Product.Price in catalog alone", At: use.At, Next: "Call catalog.Item: only catalog knows what the price means.",
			})
		}
	}
	if m.Way("shop", "catalog") == nil {
		c.NotYet(check.Finding{
			Say: "The shop does not use package catalog.", Got: "shop does not import catalog", Want: "shop calls catalog.Item", At: "shop/shop.go", Next: "Call catalog.Item for each item of a basket.",
		})
	}
	if item := m.Package("catalog").Export("Item"); item != nil && item.Kind == "func" {
		ask(t, sellsWhatTheCatalogSays, shopNames)
	}
}
