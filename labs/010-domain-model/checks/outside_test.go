//go:build lab

package checks

import (
	"cnalab/labs/check"
	"cnalab/labs/check/gomod"
)

// staysFromOutside changes what went in and what came out, which must not
// change the order.
func staysFromOutside(c *gomod.Child) {
	hidesFields(c, "order.Money", "order.OrderLine", "order.Order")
	tea, cup, pot := newLine(c, "tea", 2, 435, "EUR"), newLine(c, "cup", 1, 1200, "EUR"), newLine(c, "pot", 1, 3000, "EUR")
	given := c.List("order.OrderLine", tea.Value, cup.Value)
	shown := []line{tea.line, cup.line}
	o, err := c.Call("order.Place", "o-1", given.Spread())
	wantOrder(c, o.Nil(), err, shown)
	before := state(o)
	if len(before.Lines) != 2 {
		c.NotYet(check.Finding{Say: "The order has the wrong lines.", Got: shows(before.Lines), Want: shows(shown), Next: callsOfYours})
	}
	unchanged := func(say, next string) {
		if now := state(o); !now.same(before) {
			c.NotYet(check.Finding{Say: say, Got: now, Want: before, Next: next})
		}
	}
	given.Set(0, pot.Value)
	unchanged("Changing the slice that was given to Place changes the order.", "Copy the slice in Place.")
	if lines, _ := o.Call("Lines"); lines.Len() > 0 {
		lines.Set(0, pot.Value)
	}
	unchanged("Changing the slice that Lines returned changes the order.", "Return a copy: slices.Clone(o.lines).")
	if lines, _ := o.Call("Lines"); lines.Len() > 0 {
		lines.Append(1, pot.Value)
	}
	unchanged("Appending to the slice that Lines returned changes the order.", "Return a copy: slices.Clone(o.lines).")
}
