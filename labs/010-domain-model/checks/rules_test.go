//go:build lab

package checks

import (
	"math"

	"cnalab/labs/check"
	"cnalab/labs/check/gomod"
)

func keepsRules(c *gomod.Child) {
	tea, cup := newLine(c, "tea", 2, 435, "EUR"), newLine(c, "cup", 1, 1200, "EUR")
	totals(c, tea, cup)
	keepsNumbers(c)
	refuse(c, rulesOfOrders(c, tea, cup))
}

func totals(c *gomod.Child, tea, cup goods) {
	free := newLine(c, "sample", 1, 0, "EUR")
	if now := state(place(c, "o-1", tea, cup, free)); now.Total.String() != "2070 cents EUR" {
		c.NotYet(check.Finding{Say: "The total is not the sum of the lines.", Got: now.Total, Want: "2070 cents EUR", Output: shows(now.Lines), Next: "Calculate the total from the lines each time Total is called."})
	}
	most := newLine(c, "gold", 1, math.MaxInt64-870, "EUR")
	if now := state(place(c, "o-1", most, tea)); now.Total != (money{math.MaxInt64, "EUR"}) {
		c.NotYet(check.Finding{
			Say: "The total of a large order is wrong.", Got: now.Total, Want: money{math.MaxInt64, "EUR"},
			Next: "Add whole cents as int64.",
		})
	}
	gold := newLine(c, "gold", 3, 9_007_199_254_740_993, "EUR") // more than a float64 can count
	if now := state(place(c, "o-1", gold, tea)); now.Total.String() != "27021597764223849 cents EUR" {
		c.NotYet(check.Finding{
			Say: "The total of a large order is wrong.", Got: now.Total, Want: "27021597764223849 cents EUR",
			Next: "Add whole cents as int64.",
		})
	}
}

// keepsNumbers places an order with long numbers, in another currency.
func keepsNumbers(c *gomod.Child) {
	const number = "2026/712 B, by phone, for the second floor of the warehouse in Busan"
	placed := newLine(c, "TEA-0042/1 kg, first harvest, in a tin of cherry bark", 2, 12_000, "KRW")
	want := seen{ID: number, Total: money{24_000, "KRW"}, Lines: []line{placed.line}}
	now := state(place(c, number, placed))
	if want.Status = statusesOf(c).placed; !now.same(want) {
		c.NotYet(check.Finding{Say: "The order differs from what Place was given.", Got: now, Want: want, Next: "Keep the number and the lines as Place was given them."})
	}
}

func rulesOfOrders(c *gomod.Child, tea, cup goods) []broken {
	pen, free := newLine(c, "pen", 1, 100, "USD"), newLine(c, "pen", 1, 0, "USD")
	dearer := newLine(c, "tea", 1, 520, "EUR")
	sample := newLine(c, "sample", 1, 0, "EUR")
	none := goods{Value: c.Zero("order.OrderLine")}
	start := func(args ...any) func() error {
		return func() error { _, err := c.Call("order.Place", args...); return err }
	}
	call := func(id, method string, arg any, lines ...goods) func() error {
		return func() error { _, err := place(c, id, lines...).Call(method, arg); return err }
	}
	cent, most := newLine(c, "pin", 1, 1, "EUR"), newLine(c, "gold", 1, math.MaxInt64, "EUR")
	const oneLine, oneCurrency, noItem = "an error: a product is on one line only", "an error: an order is in one currency", "an error: a line is for an item"
	return []broken{
		{`Place("", 2 × tea)`, "an error: an order has a number", start("", tea.Value)},
		{`Place("o-2")`, "an error: an order has at least one line", start("o-2")},
		{`Place("o-2", OrderLine{})`, noItem, start("o-2", none.Value)},
		{`Place("o-2", 2 × tea, OrderLine{})`, noItem, start("o-2", tea.Value, none.Value)},
		{"Add(OrderLine{})", noItem, call("o-2", "Add", none.Value, tea)},
		{`Place("o-3", 2 × tea, 2 × tea)`, oneLine, start("o-3", tea.Value, tea.Value)},
		{`Place("o-3", 2 × tea, 1 × cup, 1 × tea at another price)`, oneLine, start("o-3", tea.Value, cup.Value, dearer.Value)},
		{`Place("o-4", 2 × tea in EUR, 1 × pen in USD)`, oneCurrency, start("o-4", tea.Value, pen.Value)},
		{`Place("o-4", 2 × tea in EUR, 1 × pen for 0 USD)`, oneCurrency, start("o-4", tea.Value, free.Value)},
		{`Place("o-4", 1 × sample for 0 EUR, 1 × pen in USD)`, oneCurrency, start("o-4", sample.Value, pen.Value)},
		{"Add(2 × tea) where tea is on the order", oneLine, call("o-5", "Add", tea.Value, tea)},
		{"Add(1 × tea at another price) where tea is on the order", oneLine, call("o-5", "Add", dearer.Value, cup, tea)},
		{"Add(1 × pen in USD) to an order in EUR", oneCurrency, call("o-6", "Add", pen.Value, tea)},
		{"Add(1 × pen for 0 USD) to an order in EUR", oneCurrency, call("o-6", "Add", free.Value, tea)},
		{`Place("o-9", the largest amount, 1 cent)`, fits, start("o-9", most.Value, cent.Value)},
		{`Place("o-9", the largest amount, the same again for pots)`, fits, start("o-9", most.Value, newLine(c, "pot", 1, math.MaxInt64, "EUR").Value)},
		{"Add(1 cent) to an order of the largest amount", fits, call("o-9", "Add", cent.Value, most)},
		{`Remove("tea") of the last line`, "an error: the last line stays", call("o-7", "Remove", "tea", tea)},
		{`Remove("pen") where it is not on the order`, "an error: it is not on the order", call("o-8", "Remove", "pen", tea, cup)},
	}
}
