//go:build lab

package checks

import (
	"fmt"
	"math"

	"cnalab/labs/check"
	"cnalab/labs/check/gomod"
)

// fits is the rule of all that is summed.
const fits = "an error: the sum does not fit in an int64"

func keepsValues(c *gomod.Child) {
	newLine(c, "TEA-0042/1 kg, first harvest, in a tin of cherry bark", 3, 12_000, "KRW")
	newLine(c, "sample", 1, 0, "EUR")
	newLine(c, "gold", 1, math.MaxInt64, "EUR")
	refuse(c, rulesOfLines(c))
}

// addsUp has amounts added and multiplied, some of which do not fit. Some wrap
// around to less than zero, others to an amount that looks right.
func addsUp(c *gomod.Child) {
	sameAmounts(c)
	for _, sum := range []struct {
		cents int64
		call  string
		arg   any
		want  int64
	}{
		{435, "Plus", int64(1200), 1635},
		{0, "Plus", int64(0), 0},
		{9_007_199_254_740_993, "Plus", int64(1), 9_007_199_254_740_994}, // more than a float64 can count
		{math.MaxInt64 - 1, "Plus", int64(1), math.MaxInt64},
		{435, "Times", 2, 870},
		{435, "Times", 0, 0},
		{0, "Times", 7, 0},
		{math.MaxInt64, "Times", 1, math.MaxInt64},
		{1 << 61, "Times", 3, 3 << 61},
	} {
		m, arg := amount(c, sum.cents, "EUR"), sum.arg
		if sum.call == "Plus" {
			arg = amount(c, sum.arg.(int64), "EUR")
		}
		says := fmt.Sprintf("%s(%d) of %d cents", sum.call, sum.arg, sum.cents)
		got, err := m.Call(sum.call, arg)
		accept(c, says, err)
		wantMoney(c, says, got, money{sum.want, "EUR"})
		wantMoney(c, fmt.Sprintf("%s: the amount that it was called on", says), m, money{sum.cents, "EUR"})
	}
	refuse(c, rulesOfSums(c))
}

func wantMoney(c *gomod.Child, says string, m gomod.Value, want money) {
	var got money
	if m.Read(&got); got != want {
		c.NotYet(check.Finding{
			Say: fmt.Sprintf("%s is the wrong amount.", says), Got: got, Want: want,
			Next: "Add and multiply whole cents as int64, return a new Money, and leave the old ones as they are.",
		})
	}
}

func rulesOfSums(c *gomod.Child) []broken {
	call := func(m gomod.Value, method string, arg any) func() error {
		return func() error { _, err := m.Call(method, arg); return err }
	}
	euros := func(cents int64) gomod.Value { return amount(c, cents, "EUR") }
	none := c.Zero("order.Money")
	const oneCurrency, someCurrency, notBelow = "an error: euros and dollars cannot be added", "an error: money is in some currency", "an error: money is not below zero"
	return []broken{
		{"Plus of 435 cents EUR and 100 cents USD", oneCurrency, call(euros(435), "Plus", amount(c, 100, "USD"))},
		{"Plus of 435 cents EUR and 0 cents USD", oneCurrency, call(euros(435), "Plus", amount(c, 0, "USD"))},
		{"Plus of 0 cents EUR and 100 cents USD", oneCurrency, call(euros(0), "Plus", amount(c, 100, "USD"))},
		{"Plus of 435 cents EUR and Money{}", someCurrency, call(euros(435), "Plus", none)},
		{"Plus of Money{} and 435 cents EUR", someCurrency, call(none, "Plus", euros(435))},
		{"Plus of Money{} and Money{}", someCurrency, call(none, "Plus", none)},
		{"Times(2) of Money{}", someCurrency, call(none, "Times", 2)},
		{"Plus of the largest amount and 1 cent", fits, call(euros(math.MaxInt64), "Plus", euros(1))},
		{"Plus of 1 cent and the largest amount", fits, call(euros(1), "Plus", euros(math.MaxInt64))},
		{"Times(2) of the largest amount", fits, call(euros(math.MaxInt64), "Times", 2)},
		{"Times(4) of 4611686018427387904 cents", fits, call(euros(1<<62), "Times", 4)},
		{"Times(5) of 4611686018427387904 cents", fits, call(euros(1<<62), "Times", 5)},
		{"Times(-1) of 435 cents", notBelow, call(euros(435), "Times", -1)},
		{"Times(-6148914691236517205) of 3 cents", notBelow, call(euros(3), "Times", -6148914691236517205)},
	}
}

// refuse makes the calls, which the code has to refuse.
func refuse(c *gomod.Child, calls []broken) {
	for _, rule := range calls {
		if rule.try() == nil {
			c.NotYet(check.Finding{
				Say: fmt.Sprintf("%s returned no error.", rule.call), Got: "no error", Want: rule.rule, Next: "Return an error, and change nothing.",
			})
		}
	}
}

// sameAmounts are two made alike, which are equal, and others, which are not.
func sameAmounts(c *gomod.Child) {
	twice, err := amount(c, 435, "EUR").Call("Times", 2)
	accept(c, `NewMoney(435, "EUR").Times(2)`, err)
	one := amount(c, 870, "EUR")
	for _, pair := range []struct {
		other gomod.Value
		text  string
		same  bool
	}{
		{amount(c, 870, "EUR"), `NewMoney(870, "EUR") == NewMoney(870, "EUR")`, true},
		{twice, `NewMoney(870, "EUR") == NewMoney(435, "EUR").Times(2)`, true},
		{amount(c, 871, "EUR"), `NewMoney(870, "EUR") == NewMoney(871, "EUR")`, false},
		{amount(c, 870, "USD"), `NewMoney(870, "EUR") == NewMoney(870, "USD")`, false},
	} {
		if one.Equal(pair.other) != pair.same {
			c.NotYet(check.Finding{
				Say: fmt.Sprintf("%s has the wrong result.", pair.text), Got: !pair.same, Want: pair.same,
				Next: "Let Money have the cents and the currency as fields, without pointers and without other fields.",
			})
		}
	}
}

// broken is a call that breaks a rule.
type broken struct {
	call, rule string
	try        func() error
}

func rulesOfLines(c *gomod.Child) []broken {
	euro := amount(c, 435, "EUR")
	refusal := func(function string, args ...any) func() error {
		return func() error { _, err := c.Call(function, args...); return err }
	}
	item := func(cents int64) gomod.Value { return newItem(c, "gold", amount(c, cents, "EUR")) }
	return []broken{
		{`NewMoney(-1, "EUR")`, "an error: money is not below zero", refusal("order.NewMoney", -1, "EUR")},
		{`NewMoney(1, "")`, "an error: money is in some currency", refusal("order.NewMoney", 1, "")},
		{`NewMoney(0, "")`, "an error: money is in some currency", refusal("order.NewMoney", 0, "")},
		{"NewOrderLine of 0 × tea", "an error: a line is for one or more", refusal("order.NewOrderLine", newItem(c, "tea", euro), 0)},
		{"NewOrderLine of -2 × tea", "an error: a line is for one or more", refusal("order.NewOrderLine", newItem(c, "tea", euro), -2)},
		{"NewOrderLine of an item without a ProductID", "an error: a line is for an item", refusal("order.NewOrderLine", newItem(c, "", euro), 1)},
		{"NewOrderLine of an item at Money{}", "an error: money is in some currency", refusal("order.NewOrderLine", newItem(c, "tea", c.Zero("order.Money")), 1)},
		{"NewOrderLine of 2 × the largest amount", fits, refusal("order.NewOrderLine", item(math.MaxInt64), 2)},
		{"NewOrderLine of 5 × 4611686018427387904 cents", fits, refusal("order.NewOrderLine", item(1<<62), 5)},
	}
}
