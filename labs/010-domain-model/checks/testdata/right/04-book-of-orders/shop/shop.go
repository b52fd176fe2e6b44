package shop

import (
	"shop/order"
	"shop/product"
)

// Shop is a book and a store.
type Shop struct {
	book  order.Book
	store product.Store
}

func Open() *Shop { return &Shop{} }

func (s *Shop) Deliver(sku, title string, price float64, quantity int) error {
	return s.store.Accept(sku, title, price, quantity)
}

func (s *Shop) Buy(orderID string, basket map[string]int) (string, error) {
	if err := s.store.Pick(basket); err != nil {
		return "", err
	}
	if err := s.book.Write(orderID, basket, s.store.Quote); err != nil {
		_ = s.store.Return(basket)
		return "", err
	}
	return s.Receipt(orderID)
}

func (s *Shop) Receipt(orderID string) (string, error) { return s.book.Print(orderID, s.store.Quote) }

func (s *Shop) Ship(orderID string) error { return s.book.Ship(orderID) }

func (s *Shop) Cancel(orderID string) error {
	held, err := s.book.Cancel(orderID)
	if err != nil {
		return err
	}
	return s.store.Return(held)
}

func (s *Shop) Left(sku string) int { return s.store.Count(sku) }
