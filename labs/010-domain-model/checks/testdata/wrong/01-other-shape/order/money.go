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

// Plus adds.
func (m Money) Plus(other Money) (Money, error) { return Money{m.cents + other.cents, m.currency}, nil }

// Times multiplies.
func (m Money) Times(n int) (Money, error) { return Money{m.cents * int64(n), m.currency}, nil }
