package order

// Sell is a line for what is sold.
func Sell(productID, name string, cents int64, currency string, quantity int) (OrderLine, error) {
	price, err := NewMoney(cents, currency)
	if err != nil {
		return OrderLine{}, err
	}
	return NewOrderLine(Item{ProductID: productID, Name: name, Price: price}, quantity)
}
