package order

import (
	"errors"
	"fmt"
)

// Item is what a customer buys, in the words of an order and as it was when it
// was ordered. Nothing that happens to the product later changes it.
type Item struct {
	ProductID string
	Name      string // what the customer saw
	Price     Money  // of one
}

// OrderLine says how many of an item the customer wants. Nothing changes it,
// so its sum can be kept.
type OrderLine struct {
	item     Item
	quantity int
	sum      Money
}

// NewOrderLine refuses an item without a number, less than one of it, and a
// price that Times refuses: one without a currency, or too large a sum.
func NewOrderLine(item Item, quantity int) (OrderLine, error) {
	switch {
	case item.ProductID == "":
		return OrderLine{}, errors.New("an item has a product number")
	case quantity < 1:
		return OrderLine{}, fmt.Errorf("a line is for at least one, not %d", quantity)
	}
	sum, err := item.Price.Times(quantity)
	if err != nil {
		return OrderLine{}, fmt.Errorf("%d x %s: %w", quantity, item.ProductID, err)
	}
	return OrderLine{item, quantity, sum}, nil
}

// Item is what the line is for.
func (l OrderLine) Item() Item { return l.item }

// Quantity is how many of it.
func (l OrderLine) Quantity() int { return l.quantity }
