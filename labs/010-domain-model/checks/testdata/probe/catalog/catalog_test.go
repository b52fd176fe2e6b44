package probe

import (
	"fmt"
	"testing"

	catalog "shop/catalog"
	order "shop/order"
	product "shop/product"
)

// The names that step 5 asks for.
var (
	_ func(*product.Product) (order.Item, error) = catalog.Item
	_                                            = order.Item{Name: ""}
)

func onShelf(t *testing.T, sku, title string, price float64) *product.Product {
	t.Helper()
	p, err := product.New(sku, title, price)
	accept(t, fmt.Sprintf("product.New(%q, %q, %.2f)", sku, title, price), err)
	return p
}

func translated(t *testing.T, p *product.Product) order.Item {
	t.Helper()
	item, err := catalog.Item(p)
	accept(t, fmt.Sprintf("catalog.Item of %s at %.2f EUR", p.SKU(), p.Price()), err)
	return item
}

func show2(item order.Item) string {
	return fmt.Sprintf("%s %q at %s", item.ProductID, item.Name, amount(item.Price))
}

func firstItem(lines []order.OrderLine) string {
	if len(lines) == 0 {
		return "no line"
	}
	return show2(lines[0].Item())
}

func TestTranslates(t *testing.T) {
	for _, price := range []struct {
		euros float64
		cents int64
	}{{12, 1200}, {4.35, 435}, {0.29, 29}, {1.1, 110}, {19.99, 1999}, {64.10, 6410}, {1234.56, 123456}, {0.01, 1}} {
		p := onShelf(t, "tea", "Green tea", price.euros)
		want := fmt.Sprintf("tea %q at %d cents EUR", "Green tea", price.cents)
		if got := show2(translated(t, p)); got != want {
			notYet(t, finding{
				Say: fmt.Sprintf("A product of %.2f EUR becomes another item.", price.euros), Got: got, Want: want,
				Next: "A float64 is a little beside what it shows: round the cents, do not cut them off.",
			})
		}
	}
	if item, err := catalog.Item(onShelf(t, "new", "Not for sale yet", 0)); err == nil {
		notYet(t, finding{
			Say: "A product that is not for sale yet is sold for nothing.", Got: show2(item), Want: "an error",
			Next: "In product a price of 0 says not for sale yet. Refuse it in catalog.Item.",
		})
	}
}

// TestSnapshot changes a product after an order for it was placed.
func TestSnapshot(t *testing.T) {
	p := onShelf(t, "tea", "Green tea", 4.35)
	l, err := order.NewOrderLine(translated(t, p), 2)
	accept(t, "NewOrderLine of the item", err)
	o := place(t, "o-1", l)
	accept(t, "Change of the product", p.Change("Sencha", 9.99))
	want := `tea "Green tea" at 435 cents EUR`
	if got := firstItem(o.Lines()); got != want {
		notYet(t, finding{Say: "A placed order changes with the product.", Got: got, Want: want, Next: "Keep the values in the item, not the product."})
	}
	if got := amount(o.Total()); got != "870 cents EUR" {
		notYet(t, finding{Say: "The total of a placed order changes with the product.", Got: got, Want: "870 cents EUR"})
	}
	for _, event := range o.Events() {
		if e, ok := any(event).(order.OrderPlaced); ok && firstItem(e.Lines) != want {
			notYet(t, finding{Say: "OrderPlaced changes with the product.", Got: firstItem(e.Lines), Want: want})
		}
	}
	if got := show2(translated(t, p)); got != `tea "Sencha" at 999 cents EUR` {
		notYet(t, finding{Say: "A new item is not what the product is now.", Got: got, Want: `tea "Sencha" at 999 cents EUR`})
	}
}
