//go:build lab

package checks

import (
	"fmt"
	"slices"
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
			c.NotYet(check.Finding{Say: say, Got: listed(got), Want: want, Next: "Copy the lines when you record an event, and again when you return it."})
		}
	}
	stays("Placing an order does not record what happened.")
	stays("Reading the events changes them.")

	given.Set(0, pot.Value)
	stays("Changing the slice that was given to Place changes an event.")

	held, _ := o.Call("Events")
	_, err = o.Call("Remove", "tea")
	accept(c, `Remove("tea")`, err)
	_, err = o.Call("Add", pot.Value)
	accept(c, "Add(1 × pot)", err)
	stays("After lines were removed and added, OrderPlaced no longer has the lines that were placed.")

	scribbledOn(c, o)
	overwrite(c, held, pot.Value)
	stays(forEverybody)
	if lines := shows(state(o).Lines); lines != "1 × cup at 1200 cents EUR, 1 × pot at 3000 cents EUR" {
		c.NotYet(check.Finding{Say: "A reader who changes a returned event changes the order.", Got: lines, Want: "1 × cup at 1200 cents EUR, 1 × pot at 3000 cents EUR", Next: "Copy the lines when you record an event, and again when you return it."})
	}
	_, err = o.Call("Ship")
	accept(c, "Ship()", err)
	scribbledOn(c, o)
	stayRecorded(c, nil, "")
	all := []line{tea.line, cup.line, pot.line}
	stayRecorded(c, []gomod.Call{{Name: "Add", Args: []any{pot.Value}}, {Name: "Cancel"}}, with("OrderCancelled o-1", all))
	keepsTheCancelled(c)
}

// keepsTheCancelled has lines removed before an order is cancelled, and what its
// events hold overwritten.
func keepsTheCancelled(c *gomod.Child) {
	tea, cup := newLine(c, "tea", 1, 435, "EUR"), newLine(c, "cup", 2, 1200, "EUR")
	o := place(c, "o-1", tea, cup)
	for _, call := range []gomod.Call{{Name: "Remove", Args: []any{"cup"}}, {Name: "Cancel"}} {
		_, err := o.Call(call.Name, call.Args...)
		accept(c, calls(call.Name, call.Args), err)
	}
	want := []string{with("OrderPlaced o-1", []line{tea.line, cup.line}), with("OrderCancelled o-1", []line{tea.line})}
	var now struct{ Events []event }
	if o.Read(&now); !slices.Equal(recorded(c, now.Events), want) {
		c.NotYet(check.Finding{
			Say: "The events do not tell what was on the order at first, and what was on it when it was cancelled.", Got: listed(recorded(c, now.Events)), Want: listed(want),
			Next: "Give OrderCancelled the total and the lines that the order has at that moment.",
		})
	}
	scribbledOn(c, o)
	held, _ := o.Call("Events")
	overwrite(c, held, cup.Value)
	if o.Read(&now); !slices.Equal(recorded(c, now.Events), want) {
		c.NotYet(check.Finding{
			Say: forEverybody, Got: listed(recorded(c, now.Events)), Want: listed(want),
			Next: "Copy the lines when you record an event, and again when you return it.",
		})
	}
}

const forEverybody = "A reader who changes the returned events changes the recorded events, too."

// scribbledOn overwrites all that a reader of events can reach, by fields and by
// methods.
func scribbledOn(c *gomod.Child, o gomod.Value) {
	var before, after events
	o.Read(&before)
	given, _ := o.Call("Events")
	given.Scribble()
	o.Read(&after)
	if got, want, other := differ(after.Events, before.Events, after.Facts, before.Facts); other {
		c.NotYet(check.Finding{
			Say: forEverybody, Got: got, Want: want,
			Next: "Copy each slice and map of an event when you record it and when you return it, also in the event's own methods.",
		})
	}
}

// told is how an order stands, and what it tells of that.
type told struct {
	Status gomod.Word
	Lines  []line
	Events []event
}

// stayRecorded does with an order all that others can: what is recorded stays,
// and whatever ends the order is recorded.
func stayRecorded(c *gomod.Child, then []gomod.Call, end string) {
	statuses := statusesOf(c)
	first := "Place"
	for _, call := range then {
		first += ", o." + call.Name
	}
	moves := fuzzed[told](c, then, nil)
	for _, move := range moves {
		after := movedTo(first, move.Text, nil, 0, 0)
		for _, now := range move.Seen {
			before, all := allOf(moves[0].Seen[0].Events), allOf(now.Events)
			if !slices.Equal(all[:min(len(all), len(before))], before) {
				c.NotYet(check.Finding{
					Say: fmt.Sprintf("The recorded events have changed after %s.", after), Got: listed(all), Want: listed(before),
					Next: "Return copies, and never remove what is recorded.",
				})
			}
			want := []string{recorded(c, now.Events)[0]}
			switch {
			case end != "":
				want = append(want, end)
			case now.Status == statuses.shipped:
				want = append(want, "OrderShipped o-1")
			case now.Status == statuses.cancelled:
				want = append(want, with("OrderCancelled o-1", now.Lines))
			}
			if got := recorded(c, now.Events); !slices.Equal(got, want) {
				c.NotYet(check.Finding{
					Say: fmt.Sprintf("The events do not match what has happened, after %s.", after), Got: listed(got), Want: listed(want),
					Next: "Record an event wherever the status changes, once.",
				})
			}
		}
	}
}

// overwrite changes all that a reader of events can.
func overwrite(c *gomod.Child, held, pot gomod.Value) {
	for i := range held.Len() {
		if e := held.At(i); e.Type() == "order.OrderPlaced" || e.Type() == "order.OrderCancelled" {
			lines := e.Field("Lines")
			for j := range lines.Len() {
				lines.Set(j, pot)
			}
		}
		held.Set(i, c.Zero("order.Event"))
	}
}
