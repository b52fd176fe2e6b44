package catalog

import (
	order "shop/order"
	product "shop/product"
)

// Item stands before the learner's own: of what is called "Swapped" it makes
// another item, so that it can be seen who sells what it says.
func Item(p *product.Product) (order.Item, error) {
	item, err := check_Item(p)
	if err == nil && item.Name == "Swapped" {
		item.Name = "Jasmine"
		item.Price, err = order.NewMoney(777, item.Price.Currency())
	}
	return item, err
}
