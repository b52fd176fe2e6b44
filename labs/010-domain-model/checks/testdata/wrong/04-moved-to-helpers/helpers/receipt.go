// Package helpers holds what was too long for shop.
package helpers

import (
	"fmt"
	"strings"

	"shop/order"
	"shop/product"
)

// Receipt is the receipt of an order.
func Receipt(o *order.Order, products map[string]*product.Product) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Order %s\n", o.ID())
	for _, line := range o.Lines() {
		title := products[line.Item().ProductID].Title()
		price := line.Item().Price
		sum := float64(price.Cents()*int64(line.Quantity())) / 100
		fmt.Fprintf(&b, "%3d x %-24s %8.2f %s\n", line.Quantity(), title, sum, price.Currency())
	}
	total := o.Total()
	fmt.Fprintf(&b, "%-30s %8.2f %s\n", "Total", float64(total.Cents())/100, total.Currency())
	return b.String()
}
