package order

// Quantities says how many of which product the order takes.
func (o *Order) Quantities() map[string]int {
	all := map[string]int{}
	for _, line := range o.lines {
		all[line.item.ProductID] = line.quantity
	}
	return all
}
