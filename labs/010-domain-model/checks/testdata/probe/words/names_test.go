package probe

import (
	"fmt"
	"strings"
	"testing"

	order "shop/order"
)

// The names that step 1 asks for, each with its shape.
var (
	_ func(int64, string) (order.Money, error)               = order.NewMoney
	_ func(order.Money) int64                                = order.Money.Cents
	_ func(order.Money) string                               = order.Money.Currency
	_ func(order.Item, int) (order.OrderLine, error)         = order.NewOrderLine
	_ func(order.OrderLine) order.Item                       = order.OrderLine.Item
	_ func(order.OrderLine) int                              = order.OrderLine.Quantity
	_ func(string, ...order.OrderLine) (*order.Order, error) = order.Place
	_ func(*order.Order, order.OrderLine) error              = (*order.Order).Add
	_ func(*order.Order, string) error                       = (*order.Order).Remove
	_ func(*order.Order) error                               = (*order.Order).Ship
	_ func(*order.Order) error                               = (*order.Order).Cancel
	_ func(*order.Order) string                              = (*order.Order).ID
	_ func(*order.Order) order.Status                        = (*order.Order).Status
	_ func(*order.Order) []order.OrderLine                   = (*order.Order).Lines
	_ func(*order.Order) order.Money                         = (*order.Order).Total
	_                                                        = []order.Status{order.Placed, order.Shipped, order.Cancelled}
)

func money(t *testing.T, cents int64, currency string) order.Money {
	t.Helper()
	m, err := order.NewMoney(cents, currency)
	if err != nil {
		notYet(t, finding{Say: fmt.Sprintf("NewMoney refuses %d cents in %s.", cents, currency), Got: err, Want: "no error"})
	}
	if m.Cents() != cents || m.Currency() != currency {
		notYet(t, finding{
			Say: "Money does not give back what it was made of.", Got: amount(m), Want: fmt.Sprintf("%d cents %s", cents, currency),
			Next: "Keep whole cents as an int64: a float64 does not hold every amount.",
		})
	}
	return m
}

// line is a line that no rule forbids.
func line(t *testing.T, productID string, quantity int, cents int64, currency string) order.OrderLine {
	t.Helper()
	item := named(order.Item{ProductID: productID, Price: money(t, cents, currency)})
	l, err := order.NewOrderLine(item, quantity)
	if err != nil {
		notYet(t, finding{Say: fmt.Sprintf("NewOrderLine refuses %d of %s.", quantity, productID), Got: err, Want: "no error"})
	}
	if l.Quantity() != quantity || l.Item().ProductID != productID || amount(l.Item().Price) != amount(item.Price) {
		notYet(t, finding{
			Say: "An OrderLine does not give back what it was made of.", Got: show1(l),
			Want: fmt.Sprintf("%d × %s at %s", quantity, productID, amount(item.Price)),
		})
	}
	return l
}

// place is an order that no rule forbids.
func place(t *testing.T, id string, lines ...order.OrderLine) *order.Order {
	t.Helper()
	o, err := order.Place(id, lines...)
	if err != nil {
		notYet(t, finding{Say: "Place refuses an order that breaks no rule.", Got: err, Want: "no error", Output: shows(lines)})
	}
	if o == nil {
		notYet(t, finding{Say: "Place returns neither an order nor an error.", Got: "nil, nil", Want: "an order"})
	}
	return o
}

// accept ends the test where a command is refused that breaks no rule.
func accept(t *testing.T, call string, err error) {
	t.Helper()
	if err != nil {
		notYet(t, finding{Say: call + " is refused, though it breaks no rule.", Got: err, Want: "no error"})
	}
}

func amount(m order.Money) string { return fmt.Sprintf("%d cents %s", m.Cents(), m.Currency()) }

func show1(l order.OrderLine) string {
	return fmt.Sprintf("%d × %s at %s", l.Quantity(), l.Item().ProductID, amount(l.Item().Price))
}

func shows(lines []order.OrderLine) string {
	var all []string
	for _, l := range lines {
		all = append(all, show1(l))
	}
	return strings.Join(all, ", ")
}

// state is all that can be seen of an order.
func state(o *order.Order) string {
	return fmt.Sprintf("%s %v, total %s: %s", o.ID(), o.Status(), amount(o.Total()), shows(o.Lines()))
}
