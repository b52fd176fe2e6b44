//go:build lab

package checks

import (
	"fmt"
	"slices"
	"strings"

	"cnalab/labs/check"
	"cnalab/labs/check/gomod"
)

// What anybody can see of an order.
type (
	money struct {
		Cents    int64
		Currency string
	}
	item struct {
		ProductID string
		Price     money
	}
	line struct {
		Quantity int
		Item     item
	}
	seen struct {
		ID     string
		Status gomod.Word
		Total  money
		Lines  []line
	}
)

func (m money) String() string { return fmt.Sprintf("%d cents %s", m.Cents, m.Currency) }

func (l line) String() string {
	return fmt.Sprintf("%d × %s at %s", l.Quantity, l.Item.ProductID, l.Item.Price)
}

func (l line) sum() int64 { return l.Item.Price.Cents * int64(l.Quantity) }

// shows is the lines in words, in an order of their own.
func shows(lines []line) string {
	if len(lines) == 0 {
		return "no line"
	}
	var all []string
	for _, l := range bag(lines) {
		all = append(all, l.String())
	}
	return strings.Join(all, ", ")
}

// String is all that can be seen.
func (s seen) String() string {
	return fmt.Sprintf("%s %v, total %s: %s", s.ID, s.Status, s.Total, shows(s.Lines))
}

// same reports whether nothing that can be seen differs but the order of the
// lines, which the text leaves free.
func (s seen) same(other seen) bool {
	return s.ID == other.ID && s.Status.Text == other.Status.Text && s.Total == other.Total && slices.Equal(bag(s.Lines), bag(other.Lines))
}

const breaksNone = "Read the rules again: this call breaks none of them."

// goods is a line that the learner's code has made, and what it is.
type goods struct {
	gomod.Value
	line
}

func state(o gomod.Value) (now seen) {
	o.Read(&now)
	return now
}

func amount(c *gomod.Child, cents int64, currency string) gomod.Value {
	m, err := c.Call("order.NewMoney", cents, currency)
	if err != nil {
		c.NotYet(check.Finding{Say: fmt.Sprintf("NewMoney(%d, %q) returned an error.", cents, currency), Got: err, Want: "no error", Next: breaksNone})
	}
	var got money
	m.Read(&got)
	if want := (money{cents, currency}); got != want {
		c.NotYet(check.Finding{
			Say: "Cents and Currency do not return what NewMoney was given.", Got: got, Want: want,
			Next: "Keep whole cents as an int64: a float64 does not hold every amount.",
		})
	}
	return m
}

// newItem has a name where items have one, as they do from step 6 on.
func newItem(c *gomod.Child, productID string, price gomod.Value) gomod.Value {
	fields := gomod.Fields{"ProductID": productID, "Price": price}
	for _, field := range c.FieldsOf("order.Item") {
		if field.Name == "Name" && field.Type.Kind == "string" {
			fields["Name"] = "the name of " + productID
		}
	}
	return c.Make("order.Item", fields)
}

// newLine is a line that no rule forbids.
func newLine(c *gomod.Child, productID string, quantity int, cents int64, currency string) goods {
	l, err := c.Call("order.NewOrderLine", newItem(c, productID, amount(c, cents, currency)), quantity)
	if err != nil {
		c.NotYet(check.Finding{Say: fmt.Sprintf("NewOrderLine of %d × %s returned an error.", quantity, productID), Got: err, Want: "no error", Next: breaksNone})
	}
	want := line{quantity, item{productID, money{cents, currency}}}
	var got line
	l.Read(&got)
	if got != want {
		c.NotYet(check.Finding{Say: "Item and Quantity do not return what NewOrderLine was given.", Got: got, Want: want, Next: "Keep the item and the quantity that NewOrderLine was given."})
	}
	return goods{l, want}
}

// place is an order that no rule forbids.
func place(c *gomod.Child, id string, lines ...goods) gomod.Value {
	args := []any{id}
	for _, l := range lines {
		args = append(args, l.Value)
	}
	o, err := c.Call("order.Place", args...)
	wantOrder(c, o.Nil(), err, linesOf(lines))
	return o
}

// wantOrder ends the check where Place has returned none.
func wantOrder(c *gomod.Child, none bool, err error, lines []line) {
	if err != nil {
		c.NotYet(check.Finding{Say: "Place refuses an order that breaks no rule.", Got: err, Want: "no error", Output: shows(lines), Next: breaksNone})
	}
	if none {
		c.NotYet(check.Finding{Say: "Place returns neither an order nor an error.", Got: "nil, nil", Want: "an order", Next: "Return the order that Place has made."})
	}
}

func linesOf(all []goods) []line {
	var lines []line
	for _, one := range all {
		lines = append(lines, one.line)
	}
	return lines
}

// accept ends the check where a command is refused that breaks no rule.
func accept(c *gomod.Child, call string, err error) {
	if err != nil {
		c.NotYet(check.Finding{Say: fmt.Sprintf("%s returned an error, though it breaks no rule.", call), Got: err, Want: "no error", Next: breaksNone})
	}
}
