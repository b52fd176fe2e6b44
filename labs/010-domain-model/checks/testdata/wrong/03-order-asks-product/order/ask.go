package order

import (
	"math"

	"shop/product"
)

// Line is a line for a product as it is now.
func Line(p *product.Product, quantity int) (OrderLine, error) {
	price, err := NewMoney(int64(math.Round(p.Price()*100)), "EUR")
	if err != nil {
		return OrderLine{}, err
	}
	return NewOrderLine(Item{ProductID: p.SKU(), Price: price}, quantity)
}
