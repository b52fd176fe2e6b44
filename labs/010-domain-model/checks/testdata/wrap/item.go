package catalog

import (
	"math"

	order "shop/order"
	product "shop/product"
)

// Item stands before the learner's own: of what is called "Swapped" it makes
// another item, so that it can be seen who sells what it says. Prices that no
// check can hand over are made here; a product may refuse them itself.
func Item(p *product.Product) (order.Item, error) {
	for title, price := range map[string]float64{"Infinite": math.Inf(1), "No number": math.NaN()} {
		if p.Title() != title {
			continue
		}
		if err := p.Change(title, price); err != nil {
			return order.Item{}, err
		}
	}
	item, err := check_Item(p)
	if err == nil && item.Name == "Swapped" {
		item.Name = "Jasmine"
		item.Price, err = order.NewMoney(777, item.Price.Currency())
	}
	return item, err
}
