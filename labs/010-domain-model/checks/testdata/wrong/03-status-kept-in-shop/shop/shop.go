// Package shop sells: it brings orders and products together.
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
	products map[string]*product.Product
	orders   map[string]*order.Order
	ended    map[string]string
}

// Open opens an empty shop.
func Open() *Shop {
	return &Shop{products: map[string]*product.Product{}, orders: map[string]*order.Order{}, ended: map[string]string{}}
}

// Deliver puts goods on the shelf. Goods that are there already get the new
// title and the new price in euros.
func (s *Shop) Deliver(sku, title string, price float64, quantity int) error {
	fresh, err := product.New(sku, title, price)
	if err != nil {
		return err
	}
	p := s.products[sku]
	if p == nil {
		p = fresh
	}
	if err := p.Receive(quantity); err != nil {
		return err
	}
	s.products[sku] = p
	return p.Change(title, price)
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
	for _, line := range o.Lines() {
		if err := s.products[line.Item().ProductID].Take(line.Quantity()); err != nil {
			return "", err
		}
	}
	s.orders[o.ID()] = o
	return s.Receipt(o.ID())
}

// line asks the product for all that the order needs to know.
func (s *Shop) line(sku string, quantity int) (order.OrderLine, error) {
	p := s.products[sku]
	if p == nil {
		return order.OrderLine{}, fmt.Errorf("there is no product %s", sku)
	}
	if p.Stock() < quantity {
		return order.OrderLine{}, fmt.Errorf("only %d of %s left", p.Stock(), sku)
	}
	price, err := order.NewMoney(int64(math.Round(p.Price()*100)), "EUR")
	if err != nil {
		return order.OrderLine{}, err
	}
	return order.NewOrderLine(order.Item{ProductID: p.SKU(), Price: price}, quantity)
}

// Ship sends an order on its way.
func (s *Shop) Ship(orderID string) error {
	o := s.orders[orderID]
	if o == nil {
		return fmt.Errorf("there is no order %s", orderID)
	}
	if status := s.ended[orderID]; status != "" {
		return fmt.Errorf("order %s is %s", orderID, status)
	}
	s.ended[orderID] = "shipped"
	return o.Ship()
}

// Cancel cancels an order and puts its goods back on the shelf.
func (s *Shop) Cancel(orderID string) error {
	o := s.orders[orderID]
	if o == nil {
		return fmt.Errorf("there is no order %s", orderID)
	}
	if status := s.ended[orderID]; status != "" {
		return fmt.Errorf("order %s is %s", orderID, status)
	}
	s.ended[orderID] = "cancelled"
	for _, line := range o.Lines() {
		if err := s.products[line.Item().ProductID].Receive(line.Quantity()); err != nil {
			return err
		}
	}
	return o.Cancel()
}

// Left says how many of a product are on the shelf.
func (s *Shop) Left(sku string) int {
	if p := s.products[sku]; p != nil {
		return p.Stock()
	}
	return 0
}
