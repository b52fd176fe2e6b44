package probe

import (
	"testing"

	order "shop/order"
)

// TestOutside changes what went in and what came out, which must not change
// the order.
func TestOutside(t *testing.T) {
	testFields(t)
	tea, cup, pot := line(t, "tea", 2, 435, "EUR"), line(t, "cup", 1, 1200, "EUR"), line(t, "pot", 1, 3000, "EUR")
	given := []order.OrderLine{tea, cup}
	o := place(t, "o-1", given...)
	before := state(o)
	if len(o.Lines()) != 2 {
		notYet(t, finding{Say: "The order has the wrong lines.", Got: shows(o.Lines()), Want: shows(given)})
	}

	given[0] = pot
	unchanged(t, o, before, "changing the slice that was given to Place", "Copy the slice in Place.")

	seen := o.Lines()
	if len(seen) > 0 {
		seen[0] = pot
	}
	unchanged(t, o, before, "changing the slice that Lines returned", "Return a copy: slices.Clone(o.lines).")

	_ = append(o.Lines()[:1], pot)
	unchanged(t, o, before, "appending to the slice that Lines returned", "Return a copy: slices.Clone(o.lines).")
}

func unchanged(t *testing.T, o *order.Order, before, how, next string) {
	t.Helper()
	if state(o) != before {
		notYet(t, finding{Say: "An order is changed from outside, by " + how + ".", Got: state(o), Want: before, Next: next})
	}
}
