package probe

import (
	"testing"

	order "shop/order"
)

// TestFacts tries to change events after they were recorded.
func TestFacts(t *testing.T) {
	tea, cup, pot := line(t, "tea", 2, 435, "EUR"), line(t, "cup", 1, 1200, "EUR"), line(t, "pot", 1, 3000, "EUR")
	given := []order.OrderLine{tea, cup}
	o := place(t, "o-1", given...)
	want := []string{"OrderPlaced o-1, total 2070 cents EUR: 2 × tea at 435 cents EUR, 1 × cup at 1200 cents EUR"}
	same(t, o, "Placing an order does not record what happened.", "", want)
	same(t, o, "Reading the events changes them.", "", want)

	given[0] = pot
	same(t, o, "An event changes when the slice that was given to Place does.", "", want)

	held := o.Events()
	accept(t, `Remove("tea")`, o.Remove("tea"))
	accept(t, "Add(1 × pot)", o.Add(pot))
	same(t, o, "What was placed is not what OrderPlaced says any more, after lines were removed and added.", "", want)

	for i := range held {
		if placed, ok := any(held[i]).(order.OrderPlaced); ok {
			for j := range placed.Lines {
				placed.Lines[j] = pot
			}
		}
		held[i] = *new(order.Event)
	}
	same(t, o, "A reader who changes the events it was given changes them for everybody.", "", want)
	if lines := shows(o.Lines()); lines != "1 × cup at 1200 cents EUR, 1 × pot at 3000 cents EUR" {
		notYet(t, finding{Say: "A reader who changes an event changes the order.", Got: lines, Want: "1 × cup and 1 × pot"})
	}
}
