package order

import (
	"errors"
	"fmt"
)

// Money is an amount in one currency, in cents, so that no fraction is lost.
type Money struct {
	cents    int64
	currency string
}

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
func (m Money) Cents() int64 { return m.cents }

// Currency is what the amount is in: "EUR".
func (m Money) Currency() string { return m.currency }

func (m Money) times(n int) Money { return Money{m.cents * int64(n), m.currency} }

// plus adds money of the same currency; an order sees to that.
func (m Money) plus(other Money) Money { return Money{m.cents + other.cents, other.currency} }
