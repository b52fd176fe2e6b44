// Package catalog stands between order and product, and is the one place that
// speaks both languages. When product's words change, this package changes
// and order does not.
package catalog

import (
	"fmt"
	"math"
	"sync"

	"shop/order"
	"shop/product"
)

// currency is what every price on the shelf is in.
const currency = "EUR"

// offer is a product at a price. A new price is a new offer.
type offer struct {
	sku   string
	price float64
}

var items sync.Map // what became of each offer

// Item says in the words of an order what a product is now. A price of 0 on
// the shelf means that the product is not for sale yet; on an order 0 cents would
// mean that it is free, so such a product is refused.
func Item(p *product.Product) (order.Item, error) {
	of := offer{p.SKU(), p.Price()}
	if item, ok := items.Load(of); ok {
		return item.(order.Item), nil
	}
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
	item := order.Item{ProductID: p.SKU(), Name: p.Title(), Price: price}
	items.Store(of, item)
	return item, nil
}
