package shop

import (
	"errors"
	"fmt"
	"sort"
	"strconv"
	"strings"

	orders "shop/order"
	goods "shop/product"
)

// Shop keeps both sides in slices and finds by walking.
type Shop struct {
	goods  []*goods.Product
	orders []*orders.Order
}

func Open() *Shop { return new(Shop) }

func (s *Shop) good(sku string) *goods.Product {
	for _, p := range s.goods {
		if p.SKU() == sku {
			return p
		}
	}
	return nil
}

func (s *Shop) find(id string) (*orders.Order, error) {
	for _, o := range s.orders {
		if o.ID() == id {
			return o, nil
		}
	}
	return nil, errors.New("no order " + id)
}

func (s *Shop) Deliver(sku, title string, price float64, quantity int) (err error) {
	p := s.good(sku)
	if p == nil {
		if p, err = goods.New(sku, title, price); err == nil {
			err = p.Receive(quantity)
		}
		if err == nil {
			s.goods = append(s.goods, p)
		}
		return err
	}
	was, at := p.Title(), p.Price()
	if err = p.Change(title, price); err != nil {
		return err
	}
	if err = p.Receive(quantity); err != nil {
		_ = p.Change(was, at)
	}
	return err
}

// Buy takes from the shelf first and puts back where something fails.
func (s *Shop) Buy(orderID string, basket map[string]int) (string, error) {
	if _, err := s.find(orderID); err == nil {
		return "", errors.New("sold already: " + orderID)
	}
	var skus []string
	for sku := range basket {
		skus = append(skus, sku)
	}
	sort.Strings(skus)
	var lines []orders.OrderLine
	var taken []func() error
	undo := func(err error) (string, error) {
		for _, put := range taken {
			err = errors.Join(err, put())
		}
		return "", err
	}
	for _, sku := range skus {
		n := basket[sku]
		p := s.good(sku)
		if p == nil {
			return undo(errors.New("no " + sku))
		}
		if err := p.Take(n); err != nil {
			return undo(err)
		}
		taken = append(taken, func() error { return p.Receive(n) })
		price, err := orders.NewMoney(cents(p.Price()), "EUR")
		if err != nil {
			return undo(err)
		}
		line, err := orders.NewOrderLine(orders.Item{ProductID: sku, Price: price}, n)
		if err != nil {
			return undo(err)
		}
		lines = append(lines, line)
	}
	o, err := orders.Place(orderID, lines...)
	if err != nil {
		return undo(err)
	}
	s.orders = append(s.orders, o)
	return s.Receipt(orderID)
}

// cents reads the price as people do.
func cents(price float64) int64 {
	n, _ := strconv.ParseInt(strings.Replace(strconv.FormatFloat(price, 'f', 2, 64), ".", "", 1), 10, 64)
	return n
}

func (s *Shop) Receipt(orderID string) (string, error) {
	o, err := s.find(orderID)
	if err != nil {
		return "", err
	}
	text := "*** " + o.ID() + " ***"
	for _, l := range o.Lines() {
		text += fmt.Sprintf("\n%s (%d) %s", s.good(l.Item().ProductID).Title(), l.Quantity(), euros(l.Item().Price.Cents()*int64(l.Quantity())))
	}
	return text + "\n= " + euros(o.Total().Cents()), nil
}

func euros(cents int64) string { return fmt.Sprintf("EUR %d.%02d", cents/100, cents%100) }

func (s *Shop) Ship(orderID string) error {
	o, err := s.find(orderID)
	if err != nil {
		return err
	}
	return o.Ship()
}

func (s *Shop) Cancel(orderID string) error {
	o, err := s.find(orderID)
	if err == nil {
		err = o.Cancel()
	}
	if err != nil {
		return err
	}
	for _, l := range o.Lines() {
		err = errors.Join(err, s.good(l.Item().ProductID).Receive(l.Quantity()))
	}
	return err
}

func (s *Shop) Left(sku string) int {
	if p := s.good(sku); p != nil {
		return p.Stock()
	}
	return 0
}
