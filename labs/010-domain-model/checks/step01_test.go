//go:build lab

package checks

import (
	"testing"

	"cnalab/labs/check"
	"cnalab/labs/check/gomod"
)

// A call that breaks a rule of money or lines is refused.
func TestStep01_ValuesKeepTheirRules(t *testing.T) { ask(t, keepsValues, valueNames) }

// Amounts add up to the cent, or are refused.
func TestStep01_AmountsAddUp(t *testing.T) { ask(t, addsUp, valueNames) }

// No other package sets a value.
func TestStep01_NobodySetsAValue(t *testing.T) {
	c := check.New(t)
	isClosed(c, gomod.Load(c).Want("order"), "Money", "OrderLine")
	ask(t, func(c *gomod.Child) { hidesFields(c, "order.Money", "order.OrderLine") }, valueNames)
}
