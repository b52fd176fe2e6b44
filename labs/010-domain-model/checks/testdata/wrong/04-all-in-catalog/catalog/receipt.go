package catalog

import (
	"fmt"
	"strings"
)

// Receipt prints the receipt of an order.
func (s *Shop) Receipt(orderID string) (string, error) {
	o := s.orders[orderID]
	if o == nil {
		return "", fmt.Errorf("there is no order %s", orderID)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "Order %s\n", o.ID())
	for _, line := range o.Lines() {
		title := s.products[line.Item().ProductID].Title()
		price := line.Item().Price
		sum := float64(price.Cents()*int64(line.Quantity())) / 100
		fmt.Fprintf(&b, "%3d x %-24s %8.2f %s\n", line.Quantity(), title, sum, price.Currency())
	}
	total := o.Total()
	fmt.Fprintf(&b, "%-30s %8.2f %s\n", "Total", float64(total.Cents())/100, total.Currency())
	return b.String(), nil
}
