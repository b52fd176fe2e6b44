package order

// Line is a line of the order, or nil.
func (o *Order) Line(productID string) *OrderLine {
	if at := o.index(productID); at >= 0 {
		return &o.lines[at]
	}
	return nil
}
