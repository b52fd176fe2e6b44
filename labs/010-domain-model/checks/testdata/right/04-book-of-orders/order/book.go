package order

import (
	"errors"
	"fmt"
	"sort"
)

// Book is every order there is. It never sees a product: what it must know of
// one it asks a Quote for.
type Book struct{ orders map[string]*Order }

// Quote says what one of a product is called and costs in cents.
type Quote func(productID string) (title string, cents int64, currency string, err error)

var errUnknown = errors.New("no such order")

// Write places an order for a basket.
func (b *Book) Write(id string, basket map[string]int, quote Quote) error {
	if b.orders[id] != nil {
		return errors.New("written already")
	}
	var lines []OrderLine
	for _, product := range keys(basket) {
		_, cents, currency, err := quote(product)
		if err != nil {
			return err
		}
		price, err := NewMoney(cents, currency)
		if err != nil {
			return err
		}
		line, err := NewOrderLine(Item{product, price}, basket[product])
		if err != nil {
			return err
		}
		lines = append(lines, line)
	}
	o, err := Place(id, lines...)
	if err != nil {
		return err
	}
	if b.orders == nil {
		b.orders = map[string]*Order{}
	}
	b.orders[id] = o
	return nil
}

// Ship ships one.
func (b *Book) Ship(id string) error {
	if o := b.orders[id]; o != nil {
		return o.Ship()
	}
	return errUnknown
}

// Cancel cancels one and says what it held.
func (b *Book) Cancel(id string) (map[string]int, error) {
	o := b.orders[id]
	if o == nil {
		return nil, errUnknown
	}
	held := map[string]int{}
	for _, l := range o.Lines() {
		held[l.Item().ProductID] = l.Quantity()
	}
	return held, o.Cancel()
}

// Print prints one.
func (b *Book) Print(id string, quote Quote) (string, error) {
	o := b.orders[id]
	if o == nil {
		return "", errUnknown
	}
	text := o.ID() + ":"
	for _, l := range o.Lines() {
		title, _, _, err := quote(l.Item().ProductID)
		if err != nil {
			return "", err
		}
		sum := l.Item().Price.Cents() * int64(l.Quantity())
		text += fmt.Sprintf(" %d %s for %d.%02d;", l.Quantity(), title, sum/100, sum%100)
	}
	total := o.Total()
	return text + fmt.Sprintf(" %d.%02d %s", total.Cents()/100, total.Cents()%100, total.Currency()), nil
}

func keys(basket map[string]int) (all []string) {
	for key := range basket {
		all = append(all, key)
	}
	sort.Strings(all)
	return all
}
