package order

// Money is an amount in one currency, in cents, so that no fraction is lost.
type Money struct {
	cents    int64
	currency string
}

// NewMoney is an amount in euros.
func NewMoney(euros float64) Money {
	return Money{int64(euros * 100), "EUR"}
}

// Cents is the amount.
func (m Money) Cents() int64 { return m.cents }

// Currency is what the amount is in: "EUR".
func (m Money) Currency() string { return m.currency }

func (m Money) times(n int) Money { return Money{m.cents * int64(n), m.currency} }

// plus adds money of the same currency; an order sees to that.
func (m Money) plus(other Money) Money { return Money{m.cents + other.cents, other.currency} }
