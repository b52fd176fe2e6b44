package shop

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
		sum := price.Cents() * int64(line.Quantity()) // it fits: NewOrderLine has seen to that
		fmt.Fprintf(&b, "%3d x %-24s %s\n", line.Quantity(), title, amount(sum, price.Currency()))
	}
	total := o.Total()
	fmt.Fprintf(&b, "%-30s %s\n", "Total", amount(total.Cents(), total.Currency()))
	return b.String(), nil
}

// amount is what a receipt shows. It divides whole cents: a float64 does not
// hold every amount.
func amount(cents int64, currency string) string {
	return fmt.Sprintf("%5d.%02d %s", cents/100, cents%100, currency)
}
