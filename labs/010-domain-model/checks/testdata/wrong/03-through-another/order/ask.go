package order

import (
	"shop/prices"
)

// Line is a line for a product as it is now.
func Line(p prices.Product, quantity int) (OrderLine, error) {
	price, err := NewMoney(prices.Cents(p), "EUR")
	if err != nil {
		return OrderLine{}, err
	}
	return NewOrderLine(Item{ProductID: p.SKU(), Price: price}, quantity)
}
