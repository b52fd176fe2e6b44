package shop

import "fmt"

// Receipt prints the receipt of an order.
func (s *Shop) Receipt(orderID string) (string, error) {
	if s.orders[orderID] == nil {
		return "", fmt.Errorf("there is no order %s", orderID)
	}
	return "Thank you for order " + orderID, nil
}
