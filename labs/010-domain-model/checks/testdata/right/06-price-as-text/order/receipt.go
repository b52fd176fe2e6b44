package order

import (
	"fmt"
	"strings"
)

// Receipt was made when the order was placed, and is read ever after.
func (o *Order) Receipt() string { return o.receipt }

func (o *Order) print() string {
	var b strings.Builder
	fmt.Fprintln(&b, "ORDER", o.id)
	for i, line := range o.lines {
		fmt.Fprintf(&b, "%d. %s, %d of them: %s\n", i+1, line.item.Name, line.quantity, line.sum)
	}
	fmt.Fprintln(&b, "ALL:", o.Total())
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
