package order

import (
	"fmt"
	"strings"
)

// Receipt is the order on paper.
func (o *Order) Receipt() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Order %s\n", o.id)
	for _, line := range o.lines {
		fmt.Fprintf(&b, "%3d x %-24s %s\n", line.quantity, line.item.Name, line.sum)
	}
	fmt.Fprintf(&b, "%-30s %s\n", "Total", o.Total())
	return b.String()
}

// Quantities says how many of which product the order takes.
func (o *Order) Quantities() map[string]int {
	all := map[string]int{}
	for _, line := range o.lines {
		all[line.item.ProductID] = line.quantity
	}
	return all
}

// String is the amount as a receipt shows it.
func (m Money) String() string {
	return fmt.Sprintf("%5d.%02d %s", m.cents/100, m.cents%100, m.currency)
}
