//go:build lab

package checks

import (
	"testing"

	"cnalab/labs/check"
	"cnalab/labs/check/gomod"
)

// A call that breaks a rule of orders is refused.
func TestStep02_RulesAreKept(t *testing.T) { ask(t, keepsRules, orderNames) }

// Shipped and cancelled orders stay as they are.
func TestStep02_NoWayBack(t *testing.T) { ask(t, staysEnded, orderNames) }

// The rules hold after any calls in any order.
func TestStep02_RulesHoldAfterAnyCalls(t *testing.T) { ask(t, survivesRandomCalls, orderNames) }

// Nobody changes an order but the order itself.
func TestStep02_NobodyElseChangesAnOrder(t *testing.T) {
	c := check.New(t)
	m := gomod.Load(c)
	isClosed(c, m.Want("order"), "Money", "OrderLine", "Order")
	ask(t, staysFromOutside, orderNames)
}
