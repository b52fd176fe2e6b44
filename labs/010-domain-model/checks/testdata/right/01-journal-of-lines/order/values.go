package order

import "errors"

// Money is whole cents of some currency.
type Money struct {
	amount int64
	unit   string
}

var errMoney = errors.New("no such money")

// NewMoney checks both.
func NewMoney(cents int64, currency string) (m Money, err error) {
	if cents < 0 || len(currency) == 0 {
		err = errMoney
		return
	}
	m.amount, m.unit = cents, currency
	return
}

func (m Money) Cents() int64     { return m.amount }
func (m Money) Currency() string { return m.unit }

type (
	// Item has more than it must.
	Item struct {
		ProductID string
		Price     Money
		Note      string
	}
	// OrderLine wraps what it is.
	OrderLine struct{ it *pair }

	pair struct {
		Item
		n int
	}
)

func NewOrderLine(item Item, quantity int) (OrderLine, error) {
	if quantity <= 0 || item.ProductID == "" || item.Price == (Money{}) {
		return OrderLine{}, errors.New("no such line")
	}
	return OrderLine{&pair{item, quantity}}, nil
}

func (l OrderLine) Item() Item    { return l.it.Item }
func (l OrderLine) Quantity() int { return l.it.n }
