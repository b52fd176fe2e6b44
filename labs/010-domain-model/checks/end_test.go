//go:build lab

package checks

import (
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
		others(c, o, func(call string) {
			if now := state(o); !now.same(before) {
				wayBack(c, "after "+name+", "+call+" changes the order.", now, before)
			}
		})
		for _, call := range calls {
			_, err := o.Call(call.Name, call.Args...)
			if now := state(o); err == nil || !now.same(before) {
				wayBack(c, "after "+name+", "+call.Name+" is not refused.", now, before)
			}
		}
	}
}

func wayBack(c *gomod.Child, how string, now, before seen) {
	c.NotYet(check.Finding{
		Say: "There is a way back: " + how, Got: now, Want: before,
		Next: "Ask for the status first, in every method that changes the order.",
	})
}
