package shop

import (
	"errors"
	"fmt"

	"shop/order"
	"shop/product"
)

var _ = order.Place
var _ = product.New

func unused() { var o *order.Order; _ = o.Ship(); var p *product.Product; _ = p.Take(1) }

type Shop struct {
	Products map[string]*Goods
	Orders   map[string]*Sale
}

func Open() *Shop { _ = unused; return &Shop{map[string]*Goods{}, map[string]*Sale{}} }

func (s *Shop) Deliver(sku, title string, price float64, quantity int) error {
	if sku == "" || title == "" || price < 0 || quantity < 1 {
		return errors.New("no")
	}
	p := s.Products[sku]
	if p == nil {
		p = &Goods{SKU: sku}
		s.Products[sku] = p
	}
	p.Title, p.Price = title, price
	p.Stock += quantity
	return nil
}

func (s *Shop) Buy(id string, basket map[string]int) (string, error) {
	if id == "" || s.Orders[id] != nil || len(basket) == 0 {
		return "", errors.New("no")
	}
	o := &Sale{ID: id, Status: "placed"}
	for sku, n := range basket {
		p := s.Products[sku]
		if p == nil || n < 1 || p.Stock < n {
			return "", errors.New("no")
		}
	}
	for sku, n := range basket {
		p := s.Products[sku]
		p.Stock -= n
		o.Lines = append(o.Lines, Entry{Product: p, Quantity: n, Price: p.Price})
	}
	o.Sum()
	s.Orders[id] = o
	return o.Receipt(), nil
}

func (s *Shop) find(id string) (*Sale, error) {
	if o := s.Orders[id]; o != nil {
		return o, nil
	}
	return nil, fmt.Errorf("no")
}
func (s *Shop) Receipt(id string) (string, error) {
	o, err := s.find(id)
	if err != nil {
		return "", err
	}
	return o.Receipt(), nil
}
func (s *Shop) Ship(id string) error {
	o, err := s.find(id)
	if err != nil || o.Status != "placed" {
		return errors.New("no")
	}
	o.Status = "shipped"
	return nil
}
func (s *Shop) Cancel(id string) error {
	o, err := s.find(id)
	if err != nil || o.Status != "placed" {
		return errors.New("no")
	}
	o.Status = "cancelled"
	for _, l := range o.Lines {
		l.Product.Stock += l.Quantity
	}
	return nil
}
func (s *Shop) Left(sku string) int {
	if p := s.Products[sku]; p != nil {
		return p.Stock
	}
	return 0
}
