//go:build lab

package checks

import (
	"cnalab/labs/check"
	"cnalab/labs/check/gomod"
)

func keepsRules(c *gomod.Child) {
	tea, cup := newLine(c, "tea", 2, 435, "EUR"), newLine(c, "cup", 1, 1200, "EUR")
	totals(c, tea, cup)
	refuse(c, rulesOfLines(c))
	refuse(c, rulesOfOrders(c, tea, cup))
}

// refuse makes the calls, which the code has to refuse.
func refuse(c *gomod.Child, calls []broken) {
	for _, rule := range calls {
		if rule.try() == nil {
			c.NotYet(check.Finding{Say: "A rule is not kept: " + rule.say, Got: "no error", Want: "an error"})
		}
	}
}

func totals(c *gomod.Child, tea, cup goods) {
	free := newLine(c, "sample", 1, 0, "EUR")
	if now := state(place(c, "o-1", tea, cup, free)); now.Total.String() != "2070 cents EUR" {
		c.NotYet(check.Finding{Say: "The total is not the sum of the lines.", Got: now.Total, Want: "2070 cents EUR", Output: shows(now.Lines)})
	}
	gold := newLine(c, "gold", 3, 9_007_199_254_740_993, "EUR") // more than a float64 can count
	if now := state(place(c, "o-1", gold, tea)); now.Total.String() != "27021597764223849 cents EUR" {
		c.NotYet(check.Finding{
			Say: "The total of a large order is not to the cent.", Got: now.Total, Want: "27021597764223849 cents EUR",
			Next: "Add whole cents as int64.",
		})
	}
}

// broken is a call that breaks a rule.
type broken struct {
	say string
	try func() error
}

func rulesOfLines(c *gomod.Child) []broken {
	euro := amount(c, 435, "EUR")
	refusal := func(function string, args ...any) func() error {
		return func() error { _, err := c.Call(function, args...); return err }
	}
	return []broken{
		{"Money below zero is refused.", refusal("order.NewMoney", -1, "EUR")},
		{"Money without a currency is refused.", refusal("order.NewMoney", 1, "")},
		{"A line for none is refused.", refusal("order.NewOrderLine", newItem(c, "tea", euro), 0)},
		{"A line for fewer than none is refused.", refusal("order.NewOrderLine", newItem(c, "tea", euro), -2)},
		{"A line without a product number is refused.", refusal("order.NewOrderLine", newItem(c, "", euro), 1)},
	}
}

func rulesOfOrders(c *gomod.Child, tea, cup goods) []broken {
	pen := newLine(c, "pen", 1, 100, "USD")
	start := func(args ...any) func() error {
		return func() error { _, err := c.Call("order.Place", args...); return err }
	}
	call := func(id, method string, arg any, lines ...goods) func() error {
		return func() error { _, err := place(c, id, lines...).Call(method, arg); return err }
	}
	return []broken{
		{"An order without a number is refused.", start("", tea.Value)},
		{"An order without lines is refused.", start("o-2")},
		{"An order with a product on two lines is refused.", start("o-3", tea.Value, tea.Value)},
		{"An order in two currencies is refused.", start("o-4", tea.Value, pen.Value)},
		{"A product that is on the order is not added again.", call("o-5", "Add", tea.Value, tea)},
		{"A line in another currency is not added.", call("o-6", "Add", pen.Value, tea)},
		{"The last line stays.", call("o-7", "Remove", "tea", tea)},
		{"What is not on the order cannot be removed.", call("o-8", "Remove", "pen", tea, cup)},
	}
}
