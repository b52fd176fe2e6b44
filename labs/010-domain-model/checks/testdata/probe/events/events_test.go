package probe

import (
	"fmt"
	"math/rand"
	"strings"
	"testing"

	order "shop/order"
)

// The names that step 4 asks for.
var (
	_                                  = order.OrderPlaced{OrderID: "", Total: *new(order.Money), Lines: []order.OrderLine(nil)}
	_                                  = order.OrderShipped{OrderID: ""}
	_                                  = order.OrderCancelled{OrderID: ""}
	_ func(*order.Order) []order.Event = (*order.Order).Events
)

// read returns the events that the step names, as words; others may be there.
func read(t *testing.T, o *order.Order) []string {
	t.Helper()
	var words []string
	for _, event := range o.Events() {
		switch e := any(event).(type) {
		case order.OrderPlaced:
			words = append(words, fmt.Sprintf("OrderPlaced %s, total %s: %s", e.OrderID, amount(e.Total), shows(e.Lines)))
		case order.OrderShipped:
			words = append(words, "OrderShipped "+e.OrderID)
		case order.OrderCancelled:
			words = append(words, "OrderCancelled "+e.OrderID)
		case *order.OrderPlaced, *order.OrderShipped, *order.OrderCancelled:
			notYet(t, finding{
				Say: "An event is handed out as a pointer, so a reader can change it.", Got: fmt.Sprintf("%T", e), Want: strings.TrimPrefix(fmt.Sprintf("%T", e), "*"),
				Next: "Record and return the event itself, without &.",
			})
		}
	}
	return words
}

func same(t *testing.T, o *order.Order, say, done string, want []string) {
	t.Helper()
	if got := read(t, o); strings.Join(got, "\n") != strings.Join(want, "\n") {
		notYet(t, finding{Say: say, Got: listed(got), Want: listed(want), Output: done})
	}
}

func listed(words []string) string {
	if len(words) == 0 {
		return "no event"
	}
	return strings.Join(words, "; ")
}

// TestOnce makes random calls: each change is in the events once and in order,
// and a refused call is not.
func TestOnce(t *testing.T) {
	tea, cup := line(t, "tea", 2, 435, "EUR"), line(t, "cup", 1, 1200, "EUR")
	for seed := range int64(60) {
		r := rand.New(rand.NewSource(seed))
		o := place(t, "o-1", tea)
		want := []string{"OrderPlaced o-1, total 870 cents EUR: 2 × tea at 435 cents EUR"}
		done := []string{`o, _ := Place("o-1", 2 × tea at 435 cents EUR)`}
		same(t, o, "Placing an order does not record what happened.", done[0], want)
		same(t, o, "Reading the events changes them.", done[0], want)
		for range 1 + r.Intn(5) {
			name, event, err := random(r, o, tea, cup)
			done = append(done, fmt.Sprintf("o.%s → %v", name, said(err)))
			if err == nil && event != "" {
				want = append(want, event)
			}
			same(t, o, "The events are not what has happened.", strings.Join(done, "\n"), want)
			same(t, o, "Reading the events changes them.", strings.Join(done, "\n"), want)
		}
	}
}

func said(err error) string {
	if err != nil {
		return "refused"
	}
	return "done"
}

func random(r *rand.Rand, o *order.Order, tea, cup order.OrderLine) (name, event string, err error) {
	switch r.Intn(5) {
	case 0:
		return "Ship()", "OrderShipped o-1", o.Ship()
	case 1:
		return "Cancel()", "OrderCancelled o-1", o.Cancel()
	case 2:
		return "Add(1 × cup)", "", o.Add(cup)
	case 3:
		return `Remove("cup")`, "", o.Remove("cup")
	}
	return "Add(2 × tea)", "", o.Add(tea)
}
