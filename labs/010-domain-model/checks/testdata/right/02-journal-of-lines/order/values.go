package order

import (
	"errors"
	"math"
	"math/big"
)

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

// Plus adds as unsigned numbers, which hold two of the largest.
func (m Money) Plus(other Money) (sum Money, err error) {
	both := uint64(m.amount) + uint64(other.amount)
	if both > math.MaxInt64 || m.unit != other.unit || m.unit == "" {
		return sum, errMoney
	}
	return Money{int64(both), m.unit}, nil
}

// Times counts in big numbers.
func (m Money) Times(n int) (product Money, err error) {
	all := new(big.Int).Mul(big.NewInt(m.amount), big.NewInt(int64(n)))
	if !all.IsInt64() || n < 0 {
		return product, errMoney
	}
	return NewMoney(all.Int64(), m.unit)
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
	if _, err := item.Price.Times(quantity); err != nil {
		return OrderLine{}, err
	}
	return OrderLine{&pair{item, quantity}}, nil
}

func (l OrderLine) Item() Item    { return l.it.Item }
func (l OrderLine) Quantity() int { return l.it.n }
