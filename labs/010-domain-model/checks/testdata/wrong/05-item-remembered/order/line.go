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

// OrderLine says how many of an item the customer wants.
type OrderLine struct {
	item     Item
	quantity int
}

// NewOrderLine refuses an item without a number or a currency, and less than
// one of it.
func NewOrderLine(item Item, quantity int) (OrderLine, error) {
	switch {
	case item.ProductID == "":
		return OrderLine{}, errors.New("an item has a product number")
	case item.Price.currency == "":
		return OrderLine{}, errors.New("a price has a currency")
	case quantity < 1:
		return OrderLine{}, fmt.Errorf("a line is for at least one, not %d", quantity)
	}
	return OrderLine{item, quantity}, nil
}

// Item is what the line is for.
func (l OrderLine) Item() Item { return l.item }

// Quantity is how many of it.
func (l OrderLine) Quantity() int { return l.quantity }

func (l OrderLine) sum() Money { return l.item.Price.times(l.quantity) }
