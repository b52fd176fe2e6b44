package order

// Line is a line for an item of so many cents.
func Line(sku, name string, cents int64, quantity int) (OrderLine, error) {
	price, err := NewMoney(cents, "EUR")
	if err != nil {
		return OrderLine{}, err
	}
	return NewOrderLine(Item{ProductID: sku, Name: name, Price: price}, quantity)
}
