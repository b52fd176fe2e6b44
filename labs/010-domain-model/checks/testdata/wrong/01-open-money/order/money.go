package order

import (
	"errors"
	"fmt"
	"math"
)

// Money is an amount in one currency, in cents, so that no fraction is lost.
type Money struct {
	Amount   int64
	currency string
}

var errTooMuch = errors.New("more than an int64 holds")

// NewMoney refuses what is below zero, and what has no currency.
func NewMoney(cents int64, currency string) (Money, error) {
	switch {
	case cents < 0:
		return Money{}, fmt.Errorf("%d cents are below zero", cents)
	case currency == "":
		return Money{}, errors.New("money has a currency")
	}
	return Money{cents, currency}, nil
}

// Cents is the amount.
func (m Money) Cents() int64 { return m.Amount }

// Currency is what the amount is in: "EUR".
func (m Money) Currency() string { return m.currency }

// Plus refuses another currency, and a sum that does not fit: Go would wrap it
// around to an amount below zero, without an error.
func (m Money) Plus(other Money) (Money, error) {
	switch {
	case m.currency != other.currency:
		return Money{}, fmt.Errorf("%s cannot be added to %s", other.currency, m.currency)
	case m.Amount > math.MaxInt64-other.Amount:
		return Money{}, errTooMuch
	}
	return NewMoney(m.Amount+other.Amount, m.currency)
}

// Times refuses less than none, and a product that does not fit.
func (m Money) Times(n int) (Money, error) {
	switch {
	case n < 0:
		return Money{}, fmt.Errorf("%d times an amount is below zero", n)
	case n > 0 && m.Amount > math.MaxInt64/int64(n):
		return Money{}, errTooMuch
	}
	return NewMoney(m.Amount*int64(n), m.currency)
}
