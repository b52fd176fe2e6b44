//go:build lab

package checks

import (
	"fmt"
	"slices"
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
		of, name, _ := strings.Cut(e.Name, ".")
		if e.Kind == "field" && slices.Contains(closed, of) {
			c.NotYet(check.Finding{
				Say: fmt.Sprintf("Everybody can set %s.%s without asking the order.", of, name), Got: "a field that others see",
				Want: "a field that starts with a small letter", At: e.At, Next: "Write it small, and give others a method that reads it.",
			})
		}
	}
	ask(t, staysFromOutside, orderNames)
}

// closed are the types whose values nobody else makes or changes.
var closed = []string{"Money", "OrderLine", "Order"}
