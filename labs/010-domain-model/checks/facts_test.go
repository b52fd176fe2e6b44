//go:build lab

package checks

import (
	"strings"

	"cnalab/labs/check"
	"cnalab/labs/check/gomod"
)

// keepsFacts tries to change events after they were recorded.
func keepsFacts(c *gomod.Child) {
	tea, cup, pot := newLine(c, "tea", 2, 435, "EUR"), newLine(c, "cup", 1, 1200, "EUR"), newLine(c, "pot", 1, 3000, "EUR")
	given := c.List("order.OrderLine", tea.Value, cup.Value)
	o, err := c.Call("order.Place", "o-1", given.Spread())
	wantOrder(c, o.Nil(), err, []line{tea.line, cup.line})
	stays := func(say string) {
		const want = "OrderPlaced o-1, total 2070 cents EUR: 1 × cup at 1200 cents EUR, 2 × tea at 435 cents EUR"
		var now struct{ Events []event }
		o.Read(&now)
		if got := recorded(c, now.Events); strings.Join(got, "\n") != want {
			c.NotYet(check.Finding{Say: say, Got: listed(got), Want: want})
		}
	}
	stays("Placing an order does not record what happened.")
	stays("Reading the events changes them.")

	given.Set(0, pot.Value)
	stays("An event changes when the slice that was given to Place does.")

	held, _ := o.Call("Events")
	_, err = o.Call("Remove", "tea")
	accept(c, `Remove("tea")`, err)
	_, err = o.Call("Add", pot.Value)
	accept(c, "Add(1 × pot)", err)
	stays("What was placed is not what OrderPlaced says any more, after lines were removed and added.")

	overwrite(c, held, pot.Value)
	stays("A reader who changes the events it was given changes them for everybody.")
	if lines := shows(state(o).Lines); lines != "1 × cup at 1200 cents EUR, 1 × pot at 3000 cents EUR" {
		c.NotYet(check.Finding{Say: "A reader who changes an event changes the order.", Got: lines, Want: "1 × cup and 1 × pot"})
	}
}

// overwrite changes all that a reader of events can.
func overwrite(c *gomod.Child, held, pot gomod.Value) {
	for i := range held.Len() {
		if e := held.At(i); e.Type() == "order.OrderPlaced" {
			lines := e.Field("Lines")
			for j := range lines.Len() {
				lines.Set(j, pot)
			}
		}
		held.Set(i, c.Zero("order.Event"))
	}
}
