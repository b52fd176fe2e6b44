package probe

import (
	"testing"

	order "shop/order"
)

func TestRules(t *testing.T) {
	euro := money(t, 435, "EUR")
	tea, cup := line(t, "tea", 2, 435, "EUR"), line(t, "cup", 1, 1200, "EUR")
	free := line(t, "sample", 1, 0, "EUR")
	if o := place(t, "o-1", tea, cup, free); amount(o.Total()) != "2070 cents EUR" {
		notYet(t, finding{Say: "The total is not the sum of the lines.", Got: amount(o.Total()), Want: "2070 cents EUR", Output: shows(o.Lines())})
	}
	gold := line(t, "gold", 3, 9_007_199_254_740_993, "EUR") // more than a float64 can count
	if o := place(t, "o-1", gold, tea); amount(o.Total()) != "27021597764223849 cents EUR" {
		notYet(t, finding{
			Say: "The total of a large order is not to the cent.", Got: amount(o.Total()), Want: "27021597764223849 cents EUR",
			Next: "Add whole cents as int64.",
		})
	}
	for _, test := range []struct {
		rule string
		try  func() error
	}{
		{"Money below zero is refused.", func() error { _, err := order.NewMoney(-1, "EUR"); return err }},
		{"Money without a currency is refused.", func() error { _, err := order.NewMoney(1, ""); return err }},
		{"A line for none is refused.", func() error {
			_, err := order.NewOrderLine(named(order.Item{ProductID: "tea", Price: euro}), 0)
			return err
		}},
		{"A line for fewer than none is refused.", func() error {
			_, err := order.NewOrderLine(named(order.Item{ProductID: "tea", Price: euro}), -2)
			return err
		}},
		{"A line without a product number is refused.", func() error {
			_, err := order.NewOrderLine(named(order.Item{Price: euro}), 1)
			return err
		}},
		{"An order without a number is refused.", func() error { _, err := order.Place("", tea); return err }},
		{"An order without lines is refused.", func() error { _, err := order.Place("o-2"); return err }},
		{"An order with a product on two lines is refused.", func() error { _, err := order.Place("o-3", tea, tea); return err }},
		{"An order in two currencies is refused.", func() error {
			_, err := order.Place("o-4", tea, line(t, "pen", 1, 100, "USD"))
			return err
		}},
		{"A product that is on the order is not added again.", func() error { return place(t, "o-5", tea).Add(tea) }},
		{"A line in another currency is not added.", func() error {
			return place(t, "o-6", tea).Add(line(t, "pen", 1, 100, "USD"))
		}},
		{"The last line stays.", func() error { return place(t, "o-7", tea).Remove("tea") }},
		{"What is not on the order cannot be removed.", func() error { return place(t, "o-8", tea, cup).Remove("pen") }},
	} {
		if test.try() == nil {
			notYet(t, finding{Say: "A rule is not kept: " + test.rule, Got: "no error", Want: "an error"})
		}
	}
}

// What has ended stays as it is.
func TestTheEnd(t *testing.T) {
	pen := line(t, "pen", 1, 100, "EUR")
	for _, name := range []string{"Ship", "Cancel"} {
		o := place(t, "o-1", line(t, "tea", 2, 435, "EUR"), line(t, "cup", 1, 1200, "EUR"))
		calls := map[string]func() error{
			"Ship": o.Ship, "Cancel": o.Cancel,
			"Remove": func() error { return o.Remove("tea") }, "Add": func() error { return o.Add(pen) },
		}
		accept(t, name+" of a placed order", calls[name]())
		before := state(o)
		others(o, func(call string) {
			if state(o) != before {
				notYet(t, finding{
					Say: "There is a way back: after " + name + ", " + call + " changes the order.", Got: state(o), Want: before,
					Next: "Ask for the status first, in every method that changes the order.",
				})
			}
		})
		for _, call := range []string{"Ship", "Cancel", "Remove", "Add"} {
			if calls[call]() == nil || state(o) != before {
				notYet(t, finding{
					Say: "There is a way back: after " + name + ", " + call + " is not refused.", Got: state(o), Want: before,
					Next: "Ask for the status first, in every method that changes the order.",
				})
			}
		}
	}
}
