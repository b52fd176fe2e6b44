package product

import (
	"errors"
	"math"

	"shop/product/stock"
)

type label struct {
	Title string
	Price float64
}

// Product has a label and a count.
type Product struct {
	sku string
	label
	*count
}

type count = stock.Count

func (l label) valid() error {
	if l.Title == "" || l.Price < 0 || math.IsNaN(l.Price) {
		return errors.New("no such label")
	}
	return nil
}

func New(sku, title string, price float64) (*Product, error) {
	l := label{title, price}
	if err := l.valid(); err != nil || sku == "" {
		return nil, errors.Join(err, errors.New("no such product"))
	}
	return &Product{sku, l, new(count)}, nil
}

func (p *Product) Change(title string, price float64) error {
	l := label{title, price}
	if err := l.valid(); err != nil {
		return err
	}
	p.label = l
	return nil
}

func (p *Product) Take(n int) error {
	if n < 1 {
		return errors.New("take something")
	}
	return p.Move(-n)
}

func (p *Product) Receive(n int) error {
	if n < 1 {
		return errors.New("bring something")
	}
	return p.Move(n)
}

func (p *Product) SKU() string    { return p.sku }
func (p *Product) Title() string  { return p.label.Title }
func (p *Product) Price() float64 { return p.label.Price }
func (p *Product) Stock() int     { return p.Now() }
