//go:build lab

package checks

import (
	"fmt"
	"strings"

	"cnalab/labs/check"
	"cnalab/labs/check/gomod"
)

// fuzzed are all things that another package can do with an order but for those
// that the step names, each with an order of its own: methods of the learner's
// own, functions, and what can be done with all that they return.
func fuzzed[T any](c *gomod.Child, then, after []gomod.Call) []gomod.Move[T] {
	tea, cup := newLine(c, "tea", 2, 435, "EUR"), newLine(c, "cup", 1, 1200, "EUR")
	place(c, "o-1", tea, cup)
	return gomod.Fuzz[T](c, gomod.Fuzzing{
		Story:   gomod.Story{First: gomod.Call{Name: "order.Place", Args: []any{"o-1", tea.Value, cup.Value}}, Then: then},
		Leave:   []string{"Add", "Remove", "Ship", "Cancel", "Place", "NewOrderLine", "NewMoney"},
		Pool:    pool(c, tea),
		Package: "order",
		After:   after,
	})
}

// pool is what is handed over to methods that take it. Each value is one that
// others can have.
func pool(c *gomod.Child, tea goods) []gomod.Value {
	euro, dollar := amount(c, 0, "EUR"), amount(c, 100, "USD")
	return []gomod.Value{
		tea.Value, newLine(c, "pot", 1, 0, "EUR").Value, newLine(c, "pen", 1, 100, "USD").Value,
		newItem(c, "", euro), newItem(c, "tea", euro), newItem(c, "pen", dollar), dollar, euro,
		c.Get("order.Placed"), c.Get("order.Shipped"), c.Get("order.Cancelled"),
		place(c, "o-2", newLine(c, "pen", 3, 100, "USD")),
	}
}

// keepsRulesOfItsOwn holds what others can do with a placed order against the
// rules, and what they can do after that.
func keepsRulesOfItsOwn(c *gomod.Child) {
	pen, tea := newLine(c, "pen", 1, 100, "USD"), newLine(c, "tea", 1, 500, "EUR")
	after := []gomod.Call{
		{Name: "Add", Args: []any{pen.Value}}, {Name: "Add", Args: []any{tea.Value}},
		{Name: "Remove", Args: []any{"cup"}}, {Name: "Remove", Args: []any{"pot"}}, {Name: "Remove", Args: []any{"tea"}},
	}
	texts := []string{"o.Add(1 × pen in USD)", "o.Add(1 × tea)", `o.Remove("cup")`, `o.Remove("pot")`, `o.Remove("tea")`}
	statuses := statusesOf(c)
	for _, move := range fuzzed[seen](c, nil, after) {
		for i, now := range append(move.Seen, move.Made...) {
			if rule := unsound(now, statuses); rule != "" {
				c.NotYet(check.Finding{
					Say: fmt.Sprintf("An order breaks a rule after %s.", movedTo("Place", move.Text, texts, i, len(move.Seen))), Got: now, Want: rule,
					Next: "Check the same rules there as in Add and Remove, or start its name with a lower-case letter.",
				})
			}
		}
		cannotBeRead(c, movedTo("Place", move.Text, nil, 0, 0), move.Panic)
	}
}

// movedTo is how it reads that a value was made and a move made with it, and as
// many of the calls that follow as come before what was seen there.
func movedTo(first, move string, then []string, at, seen int) string {
	done := []string{first}
	if move != "o" { // which is no move at all
		done = append(done, move)
	}
	if at < seen {
		done = append(done, then[:at]...)
	}
	return strings.Join(done, ", ")
}

func cannotBeRead(c *gomod.Child, text, why string) {
	if why != "" {
		c.NotYet(check.Finding{
			Say: fmt.Sprintf("An order panics after %s.", text), Got: why, Want: "an order that keeps every rule",
			Next: "Check the same rules there as in Add and Remove, or start its name with a lower-case letter.",
		})
	}
}

// unsound is the rule of the story that does not hold of the order.
func unsound(o seen, statuses statuses) string {
	want := money{Currency: o.Total.Currency}
	on := map[string]bool{}
	for _, l := range o.Lines {
		price := l.Item.Price
		switch {
		case on[l.Item.ProductID]:
			return "a product on one line only"
		case l.Quantity < 1:
			return "at least one on each line"
		case l.Item.ProductID == "":
			return "a product number on each line"
		case price.Cents < 0 || price.Currency == "" || price.Currency != want.Currency:
			return "prices not below zero, all in one currency"
		}
		on[l.Item.ProductID] = true
		want.Cents += l.sum()
	}
	switch {
	case o.ID == "":
		return "an order with a number"
	case len(o.Lines) == 0:
		return "at least one line"
	case o.Total != want:
		return "a total that is the sum of the lines"
	case o.Status != statuses.placed && o.Status != statuses.shipped && o.Status != statuses.cancelled:
		return "a status that is placed, shipped or cancelled"
	}
	return ""
}
