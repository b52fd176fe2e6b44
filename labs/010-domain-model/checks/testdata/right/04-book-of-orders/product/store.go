package product

import (
	"errors"
	"math"
)

// Store is a room with shelves.
type Store struct{ rows []*Product }

func (s *Store) row(sku string) *Product {
	for _, p := range s.rows {
		if p.SKU() == sku {
			return p
		}
	}
	return &Product{}
}

// Accept takes a delivery in.
func (s *Store) Accept(sku, title string, price float64, n int) error {
	fresh, err := New(sku, title, price)
	if err != nil {
		return err
	}
	p := s.row(sku)
	if p.SKU() == "" {
		p = fresh
	}
	if err := p.Receive(n); err != nil {
		return err
	}
	if p == fresh {
		s.rows = append(s.rows, p)
	}
	return p.Change(title, price)
}

// Quote says what one costs.
func (s *Store) Quote(sku string) (string, int64, string, error) {
	p := s.row(sku)
	if p.SKU() == "" {
		return "", 0, "", errors.New("no " + sku)
	}
	return p.Title(), int64(math.Round(100 * p.Price())), "EUR", nil
}

// Pick takes a basket, or as it was.
func (s *Store) Pick(basket map[string]int) error {
	done := map[string]int{}
	for sku, n := range basket {
		if err := s.row(sku).Take(n); err != nil {
			return errors.Join(err, s.Return(done))
		}
		done[sku] = n
	}
	return nil
}

// Return brings a basket back.
func (s *Store) Return(basket map[string]int) (err error) {
	for sku, n := range basket {
		err = errors.Join(err, s.row(sku).Receive(n))
	}
	return err
}

// Count counts.
func (s *Store) Count(sku string) int { return s.row(sku).Stock() }
