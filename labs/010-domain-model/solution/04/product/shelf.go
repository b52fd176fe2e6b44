package product

import "fmt"

// Shelf holds all products by SKU. The zero Shelf is an empty one.
type Shelf struct{ products map[string]*Product }

// Deliver puts goods on the shelf. Goods that are there already get the new
// title and price.
func (s *Shelf) Deliver(sku, title string, price float64, quantity int) error {
	fresh, err := New(sku, title, price)
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
	if s.products == nil {
		s.products = map[string]*Product{}
	}
	s.products[sku] = p
	return p.Change(title, price) // no error: New has accepted both
}

// Find returns the product with that SKU.
func (s *Shelf) Find(sku string) (*Product, error) {
	if p := s.products[sku]; p != nil {
		return p, nil
	}
	return nil, fmt.Errorf("there is no product %s", sku)
}

// Take takes everything in the basket off the shelf, or nothing.
func (s *Shelf) Take(basket map[string]int) error {
	for sku, n := range basket {
		p, err := s.Find(sku)
		if err != nil {
			return err
		}
		if err := p.canTake(n); err != nil {
			return err
		}
	}
	for sku, n := range basket {
		s.products[sku].stock -= n
	}
	return nil
}

// GiveBack puts back everything that was taken, or nothing.
func (s *Shelf) GiveBack(basket map[string]int) error {
	for sku, n := range basket {
		if _, err := s.Find(sku); err != nil {
			return err
		}
		if n < 1 {
			return fmt.Errorf("nobody gives %d back", n)
		}
	}
	for sku, n := range basket {
		s.products[sku].stock += n
	}
	return nil
}

// Left says how many of a product are on the shelf.
func (s *Shelf) Left(sku string) int {
	if p := s.products[sku]; p != nil {
		return p.stock
	}
	return 0
}
