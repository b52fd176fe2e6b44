// Package shop sells: it brings orders and products together, and leaves to
// each what is theirs to know.
package shop

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"shop/order"
	"shop/product"
)

// Shop is the whole shop.
type Shop struct {
	shelf  product.Shelf
	orders map[string]*order.Order
}

// Open opens an empty shop.
func Open() *Shop {
	return &Shop{orders: map[string]*order.Order{}}
}

// Deliver puts goods on the shelf. Goods that are there already get the new
// title and the new price in euros.
func (s *Shop) Deliver(sku, title string, price float64, quantity int) error {
	return s.shelf.Deliver(sku, title, price, quantity)
}

// Buy places an order for what is in the basket, takes it off the shelf, and
// returns the receipt. The basket says how many of which SKU. A number names
// one order for ever.
func (s *Shop) Buy(orderID string, basket map[string]int) (string, error) {
	if s.orders[orderID] != nil {
		return "", fmt.Errorf("there is an order %s already", orderID)
	}
	var lines []order.OrderLine
	for _, sku := range slices.Sorted(maps.Keys(basket)) {
		line, err := s.line(sku, basket[sku])
		if err != nil {
			return "", err
		}
		lines = append(lines, line)
	}
	o, err := order.Place(orderID, lines...)
	if err != nil {
		return "", err
	}
	if err := s.shelf.Take(basket); err != nil {
		return "", err
	}
	s.orders[orderID] = o
	return o.Receipt(s.title), nil
}

func (s *Shop) line(sku string, quantity int) (order.OrderLine, error) {
	p, err := s.shelf.Find(sku)
	if err != nil {
		return order.OrderLine{}, err
	}
	price, err := order.NewMoney(int64(math.Round(p.Price()*100)), "EUR")
	if err != nil {
		return order.OrderLine{}, err
	}
	return order.NewOrderLine(order.Item{ProductID: sku, Price: price}, quantity)
}

func (s *Shop) title(sku string) string {
	p, err := s.shelf.Find(sku)
	if err != nil {
		return sku
	}
	return p.Title()
}

// Receipt prints the receipt of an order again.
func (s *Shop) Receipt(orderID string) (string, error) {
	o, err := s.order(orderID)
	if err != nil {
		return "", err
	}
	return o.Receipt(s.title), nil
}

// Ship sends an order on its way.
func (s *Shop) Ship(orderID string) error {
	o, err := s.order(orderID)
	if err != nil {
		return err
	}
	return o.Ship()
}

// Cancel cancels an order and puts its goods back on the shelf.
func (s *Shop) Cancel(orderID string) error {
	o, err := s.order(orderID)
	if err != nil {
		return err
	}
	if err := o.Cancel(); err != nil {
		return err
	}
	return s.shelf.GiveBack(o.Quantities())
}

// Left says how many of a product are on the shelf.
func (s *Shop) Left(sku string) int { return s.shelf.Left(sku) }

func (s *Shop) order(id string) (*order.Order, error) {
	if o := s.orders[id]; o != nil {
		return o, nil
	}
	return nil, fmt.Errorf("there is no order %s", id)
}
