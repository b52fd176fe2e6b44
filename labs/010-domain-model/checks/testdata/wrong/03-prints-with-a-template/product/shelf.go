package product

import "fmt"

// Shelf holds all products by SKU.
type Shelf map[string]*Product

// Deliver puts goods on the shelf. Goods that are there already get the new
// title and price.
func (s Shelf) Deliver(sku, title string, price float64, quantity int) error {
	p, err := New(sku, title, price)
	if err != nil {
		return err
	}
	if err := p.Receive(quantity); err != nil {
		return err
	}
	if old := s[sku]; old != nil {
		p.stock += old.stock
	}
	s[sku] = p
	return nil
}

// Find returns the product with that SKU.
func (s Shelf) Find(sku string) (*Product, error) {
	if p := s[sku]; p != nil {
		return p, nil
	}
	return nil, fmt.Errorf("there is no product %s", sku)
}

// Take takes everything in the basket off the shelf, or nothing.
func (s Shelf) Take(basket map[string]int) error {
	for sku, n := range basket {
		if left := s.Left(sku); n > left {
			return fmt.Errorf("only %d of %s left", left, sku)
		}
	}
	for sku, n := range basket {
		s[sku].stock -= n
	}
	return nil
}

// GiveBack puts back what was taken.
func (s Shelf) GiveBack(basket map[string]int) {
	for sku, n := range basket {
		s[sku].stock += n
	}
}

// Left says how many of a product are on the shelf.
func (s Shelf) Left(sku string) int {
	if p := s[sku]; p != nil {
		return p.stock
	}
	return 0
}
