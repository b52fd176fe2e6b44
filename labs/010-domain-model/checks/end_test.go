//go:build lab

package checks

import (
	"fmt"

	"cnalab/labs/check"
	"cnalab/labs/check/gomod"
)

// What has ended stays as it is.
func staysEnded(c *gomod.Child) {
	pen := newLine(c, "pen", 1, 100, "EUR")
	calls := []gomod.Call{{Name: "Ship"}, {Name: "Cancel"}, {Name: "Remove", Args: []any{"tea"}}, {Name: "Add", Args: []any{pen.Value}}}
	for _, name := range []string{"Ship", "Cancel"} {
		o := place(c, "o-1", newLine(c, "tea", 2, 435, "EUR"), newLine(c, "cup", 1, 1200, "EUR"))
		_, err := o.Call(name)
		accept(c, name+" of a placed order", err)
		before := state(o)
		for _, call := range calls {
			_, err := o.Call(call.Name, call.Args...)
			now := state(o)
			if err == nil {
				c.NotYet(check.Finding{Say: fmt.Sprintf("After %s, %s returns no error.", name, call.Name), Got: now, Want: "an error", Next: askFirst})
			}
			if !now.same(before) {
				wayBack(c, name, call.Name, now, before)
			}
		}
		for _, move := range fuzzed[seen](c, []gomod.Call{{Name: name}}, calls) {
			for _, now := range move.Seen {
				if !now.same(before) {
					wayBack(c, name, move.Text, now, before)
				}
			}
			cannotBeRead(c, movedTo("Place, o."+name, move.Text, nil, 0, 0), move.Panic)
		}
	}
}

const askFirst = "Check the status first, in every method that changes the order."

func wayBack(c *gomod.Child, end, how string, now, before seen) {
	c.NotYet(check.Finding{Say: fmt.Sprintf("The order has ended, but it still changes: after %s, %s changes it.", end, how), Got: now, Want: before, Next: askFirst})
}
