package catalog

import (
	"fmt"
	"strconv"
	"strings"

	o "shop/order"
	p "shop/product"
)

// Item reads the price as it would stand on the shelf, so nothing is cut off.
func Item(from *p.Product) (to o.Item, err error) {
	text := fmt.Sprintf("%.2f", from.Price())
	cents, err := strconv.ParseInt(strings.ReplaceAll(text, ".", ""), 10, 64)
	if err != nil || cents == 0 {
		return to, fmt.Errorf("%q is not for sale at %s", from.Title(), text)
	}
	to.Price, err = o.NewMoney(cents, "EUR")
	to.ProductID, to.Name = from.SKU(), from.Title()
	return to, err
}

// Lines translates a whole basket.
func Lines(skus []string, basket map[string]int, find func(string) (*p.Product, error)) (lines []o.OrderLine, err error) {
	for _, sku := range skus {
		product, err := find(sku)
		if err != nil {
			return nil, err
		}
		item, err := Item(product)
		if err != nil {
			return nil, err
		}
		line, err := o.NewOrderLine(item, basket[sku])
		if err != nil {
			return nil, err
		}
		lines = append(lines, line)
	}
	return lines, nil
}
