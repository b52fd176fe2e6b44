// Package shop is all the shop has: products, stock, orders and receipts.
// Every part of it reads and writes every other part.
package shop

import (
	"fmt"

	"shop/order"
	"shop/product"
)

// What the others call it.
type (
	PlacedOrder = order.Order
	OnTheShelf  = product.Product
)

// Shop is the whole shop.
type Shop struct {
	Products map[string]*Product
	Orders   map[string]*Order
}

// Open opens an empty shop.
func Open() *Shop {
	return &Shop{Products: map[string]*Product{}, Orders: map[string]*Order{}}
}

// Deliver puts goods on the shelf. Goods that are there already get the new
// title and the new price in euros.
func (s *Shop) Deliver(sku, title string, price float64, quantity int) error {
	p := s.Products[sku]
	if p == nil {
		p = &Product{SKU: sku}
		s.Products[sku] = p
	}
	p.Title, p.Price = title, price
	p.Stock += quantity
	for _, o := range p.Orders {
		o.Sum()
	}
	return nil
}

// Buy places an order for what is in the basket, takes it off the shelf, and
// returns the receipt. The basket says how many of which SKU. A number names
// one order for ever.
func (s *Shop) Buy(orderID string, basket map[string]int) (string, error) {
	if s.Orders[orderID] != nil {
		return "", fmt.Errorf("there is an order %s already", orderID)
	}
	o := &Order{ID: orderID, Status: "placed"}
	if len(basket) == 0 {
		return "", fmt.Errorf("an empty basket")
	}
	for sku, quantity := range basket {
		if p := s.Products[sku]; p == nil || quantity < 1 || p.Stock < quantity {
			return "", fmt.Errorf("cannot sell %d of %s", quantity, sku)
		}
	}
	for sku, quantity := range basket {
		p := s.Products[sku]
		if p == nil {
			return "", fmt.Errorf("there is no product %s", sku)
		}
		if p.Stock < quantity {
			return "", fmt.Errorf("only %d of %s left", p.Stock, sku)
		}
		p.Stock -= quantity
		p.Orders = append(p.Orders, o)
		o.Lines = append(o.Lines, Line{Product: p, Quantity: quantity})
	}
	o.Sum()
	s.Orders[orderID] = o
	return o.Receipt(), nil
}

// Receipt prints the receipt of an order again.
func (s *Shop) Receipt(orderID string) (string, error) {
	o := s.Orders[orderID]
	if o == nil {
		return "", fmt.Errorf("there is no order %s", orderID)
	}
	return o.Receipt(), nil
}

// Ship sends an order on its way.
func (s *Shop) Ship(orderID string) error {
	o := s.Orders[orderID]
	if o == nil {
		return fmt.Errorf("there is no order %s", orderID)
	}
	if o.Status != "placed" {
		return fmt.Errorf("order %s is %s", orderID, o.Status)
	}
	o.Status = "shipped"
	return nil
}

// Cancel cancels an order and puts its goods back on the shelf.
func (s *Shop) Cancel(orderID string) error {
	o := s.Orders[orderID]
	if o == nil {
		return fmt.Errorf("there is no order %s", orderID)
	}
	if o.Status != "placed" {
		return fmt.Errorf("order %s is %s", orderID, o.Status)
	}
	o.Status = "cancelled"
	for _, line := range o.Lines {
		line.Product.Stock += line.Quantity
	}
	return nil
}

// Left says how many of a product are on the shelf.
func (s *Shop) Left(sku string) int {
	if p := s.Products[sku]; p != nil {
		return p.Stock
	}
	return 0
}
