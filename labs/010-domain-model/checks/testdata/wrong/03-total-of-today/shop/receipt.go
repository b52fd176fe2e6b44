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
	total, currency := 0.0, o.Total().Currency()
	for _, line := range o.Lines() {
		p := s.products[line.Item().ProductID]
		sum := p.Price() * float64(line.Quantity())
		total += sum
		fmt.Fprintf(&b, "%3d x %-24s %8.2f %s\n", line.Quantity(), p.Title(), sum, currency)
	}
	fmt.Fprintf(&b, "%-30s %8.2f %s\n", "Total", total, currency)
	return b.String(), nil
}

// amount is what a receipt shows. It divides whole cents: a float64 does not
// hold every amount.
func amount(cents int64, currency string) string {
	return fmt.Sprintf("%5d.%02d %s", cents/100, cents%100, currency)
}
