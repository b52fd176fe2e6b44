package probe

import (
	"fmt"
	"math/rand"
	"slices"
	"strings"
	"testing"

	order "shop/order"
)

// step is one call, and how it reads.
type step struct {
	name string          // "Add", "Remove", "Ship", "Cancel"
	line order.OrderLine // for Add
	id   string          // of the product, for Add and Remove
}

func (s step) String() string {
	switch s.name {
	case "Add":
		return "o.Add(" + show1(s.line) + ")"
	case "Remove":
		return fmt.Sprintf("o.Remove(%q)", s.id)
	}
	return "o." + s.name + "()"
}

// TestRandom makes many random calls and holds each against the rules. What
// breaks one is made as short as it can be.
func TestRandom(t *testing.T) {
	testOthers(t)
	var goods []order.OrderLine
	for i, id := range []string{"tea", "cup", "pot", "pen"} {
		for quantity := 1; quantity <= 3; quantity++ {
			goods = append(goods, line(t, id, quantity, int64(99+i*137), "EUR"))
		}
	}
	foreign := line(t, "pen", 1, 100, "USD")
	for seed := range int64(400) {
		r := rand.New(rand.NewSource(seed))
		first := goods[r.Intn(len(goods))]
		var steps []step
		for range 1 + r.Intn(24) {
			steps = append(steps, randomStep(r, goods, foreign))
		}
		if broken(t, first, steps) != nil {
			steps = shorten(t, first, steps)
			f := *broken(t, first, steps)
			f.Output, f.Next = calls(first, steps), "Make these calls in a test of your own to see it happen."
			notYet(t, f)
		}
	}
}

func randomStep(r *rand.Rand, goods []order.OrderLine, foreign order.OrderLine) step {
	switch n := r.Intn(40); {
	case n == 0:
		return step{name: "Ship"}
	case n == 1:
		return step{name: "Cancel"}
	case n == 2:
		return step{"Add", foreign, foreign.Item().ProductID}
	}
	some := goods[r.Intn(len(goods))]
	return step{[]string{"Add", "Remove"}[r.Intn(2)], some, some.Item().ProductID}
}

// shorten leaves out every call without which the rule is still broken.
func shorten(t *testing.T, first order.OrderLine, steps []step) []step {
	for i := 0; i < len(steps); {
		without := slices.Delete(slices.Clone(steps), i, i+1)
		if broken(t, first, without) == nil {
			i++
			continue
		}
		steps, i = without, 0
	}
	return steps
}

func calls(first order.OrderLine, steps []step) string {
	lines := []string{`o, _ := Place("o-1", ` + show1(first) + ")"}
	for _, s := range steps {
		lines = append(lines, s.String())
	}
	return strings.Join(lines, "\n")
}

// broken makes the calls and returns the first rule that one of them breaks.
func broken(t *testing.T, first order.OrderLine, steps []step) *finding {
	o := place(t, "o-1", first)
	model := model{status: order.Placed, lines: []order.OrderLine{first}}
	for _, s := range steps {
		before := state(o)
		want, err := model.takes(s), s.on(o)
		if want != (err == nil) {
			return disagreed(s, want, err)
		}
		if !want && state(o) != before {
			return &finding{Say: "A refused call changes the order.", Got: state(o), Want: before}
		}
		if f := model.differs(o); f != nil {
			return f
		}
	}
	return nil
}

func disagreed(s step, want bool, err error) *finding {
	if want {
		return &finding{Say: "A call that breaks no rule is refused: the last of these.", Got: err, Want: "no error"}
	}
	return &finding{Say: "A call that breaks a rule is accepted: the last of these.", Got: "no error", Want: "an error"}
}

func (s step) on(o *order.Order) error {
	switch s.name {
	case "Add":
		return o.Add(s.line)
	case "Remove":
		return o.Remove(s.id)
	case "Ship":
		return o.Ship()
	}
	return o.Cancel()
}
