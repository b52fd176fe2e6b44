//go:build lab

package checks

import (
	"fmt"
	"strings"
	"testing"

	"cnalab/labs/check"
	"cnalab/labs/check/gomod"
)

// What breaks a rule of the story is refused.
func TestStep01_RulesAreKept(t *testing.T) { ask(t, keepsRules, orderNames) }

// Shipped and cancelled orders stay as they are.
func TestStep01_NoWayBack(t *testing.T) { ask(t, staysEnded, orderNames) }

// The rules hold after any calls in any order.
func TestStep01_RulesHoldAfterAnyCalls(t *testing.T) { ask(t, survivesRandomCalls, orderNames) }

// Nobody changes an order but the order itself.
func TestStep01_NobodyElseChangesAnOrder(t *testing.T) {
	c := check.New(t)
	m := gomod.Load(c)
	for _, e := range m.Want("order").Exports {
		if e.Kind == "field" && strings.HasPrefix(e.Name, "Order.") {
			c.NotYet(check.Finding{
				Say: fmt.Sprintf("Everybody can set %s without asking the order.", e.Name), Got: "a field that others see",
				Want: "a field that starts with a small letter", At: e.At, Next: "Write it small, and give others a method that reads it.",
			})
		}
	}
	ask(t, staysFromOutside, orderNames)
}
