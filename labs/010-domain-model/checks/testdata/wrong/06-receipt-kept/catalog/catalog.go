// Package catalog stands between order and product, and is the one place that
// speaks both languages. When product's words change, this package changes
// and order does not.
package catalog

import (
	"fmt"
	"math"

	"shop/order"
	"shop/product"
)

// currency is what every price on the shelf is in.
const currency = "EUR"

// Item says in the words of an order what a product is now. A price of 0 on
// the shelf means that the product is not for sale yet; on an order 0 cents would
// mean that it is free, so such a product is refused.
func Item(p *product.Product) (order.Item, error) {
	cents := math.Round(p.Price() * 100)
	switch {
	case !(cents >= 1): // true of NaN, too
		return order.Item{}, fmt.Errorf("%s is not for sale yet", p.SKU())
	case cents >= math.MaxInt64: // true of +Inf, too; as an int64 it would be some other number
		return order.Item{}, fmt.Errorf("%s costs more than an order can count", p.SKU())
	}
	price, err := order.NewMoney(int64(cents), currency)
	if err != nil {
		return order.Item{}, err
	}
	return order.Item{ProductID: p.SKU(), Name: p.Title(), Price: price}, nil
}
