// Package product knows what the shop has on its shelves and what it asks for
// it. It does not know who buys.
package product

import (
	"errors"
	"fmt"
)

// Product is something on the shelf, in the supplier's words.
type Product struct {
	sku   string
	title string
	price float64 // in euros; 0 means not for sale yet
	stock int
}

// New returns a product with nothing on the shelf yet.
func New(sku, title string, price float64) (*Product, error) {
	if sku == "" {
		return nil, errors.New("a product has a SKU")
	}
	p := &Product{sku: sku}
	if err := p.Change(title, price); err != nil {
		return nil, err
	}
	return p, nil
}

// Change gives the product another title and price.
func (p *Product) Change(title string, price float64) error {
	switch {
	case title == "":
		return errors.New("a product has a title")
	case !(price >= 0):
		return fmt.Errorf("a price of %g is below zero", price)
	}
	p.title, p.price = title, price
	return nil
}

// SKU is the supplier's number of the product.
func (p *Product) SKU() string { return p.sku }

// Title is what stands on the shelf.
func (p *Product) Title() string { return p.title }

// Price is in euros; 0 means not for sale yet.
func (p *Product) Price() float64 { return p.price }

// Stock is how many are on the shelf.
func (p *Product) Stock() int { return p.stock }

// Receive puts n more on the shelf.
func (p *Product) Receive(n int) error {
	if n < 1 {
		return fmt.Errorf("nobody delivers %d", n)
	}
	p.stock += n
	return nil
}

// Take takes n off the shelf: all of them or none.
func (p *Product) Take(n int) error {
	if err := p.canTake(n); err != nil {
		return err
	}
	p.stock -= n
	return nil
}

func (p *Product) canTake(n int) error {
	switch {
	case n < 1:
		return fmt.Errorf("nobody takes %d", n)
	case n > p.stock:
		return fmt.Errorf("only %d of %s left", p.stock, p.sku)
	}
	return nil
}
