package shop

import "fmt"

// Receipt prints the receipt of an order.
func (s *Shop) Receipt(orderID string) (string, error) {
	if s.orders[orderID] == nil {
		return "", fmt.Errorf("there is no order %s", orderID)
	}
	return "Thank you for order " + orderID, nil
}

// amount is what a receipt shows. It divides whole cents: a float64 does not
// hold every amount.
func amount(cents int64, currency string) string {
	return fmt.Sprintf("%5d.%02d %s", cents/100, cents%100, currency)
}
