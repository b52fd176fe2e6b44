package order

import (
	"errors"
	"fmt"
	"math"
)

// Money is an amount in one currency, in cents, so that no fraction is lost.
type Money struct {
	amount   float64 // 4.35
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
	return Money{float64(cents) / 100, currency}, nil
}

// Cents is the amount.
func (m Money) Cents() int64 { return int64(math.Round(m.amount * 100)) }

// Currency is what the amount is in: "EUR".
func (m Money) Currency() string { return m.currency }

func (m Money) times(n int) Money { return Money{m.amount * float64(n), m.currency} }

// plus adds money of the same currency; an order sees to that.
func (m Money) plus(other Money) Money { return Money{m.amount + other.amount, other.currency} }
