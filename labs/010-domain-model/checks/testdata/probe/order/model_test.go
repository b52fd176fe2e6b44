package probe

import (
	"fmt"
	"slices"

	order "shop/order"
)

// model is the order as the story tells it.
type model struct {
	status order.Status
	lines  []order.OrderLine
}

// takes reports whether the rules allow the call, and makes it.
func (m *model) takes(s step) bool {
	at := slices.IndexFunc(m.lines, func(l order.OrderLine) bool {
		return l.Item().ProductID == s.id
	})
	switch {
	case m.status != order.Placed:
		return false
	case s.name == "Ship":
		m.status = order.Shipped
	case s.name == "Cancel":
		m.status = order.Cancelled
	case s.name == "Add" && at < 0 && s.line.Item().Price.Currency() == "EUR":
		m.lines = append(m.lines, s.line)
	case s.name == "Remove" && at >= 0 && len(m.lines) > 1:
		m.lines = slices.Delete(m.lines, at, at+1)
	default:
		return false
	}
	return true
}

// differs compares all that can be seen of the order.
func (m *model) differs(o *order.Order) *finding {
	var sum int64
	for _, l := range m.lines {
		sum += l.Item().Price.Cents() * int64(l.Quantity())
	}
	switch {
	case o.ID() != "o-1":
		return &finding{Say: "The order has lost its number.", Got: o.ID(), Want: "o-1"}
	case o.Status() != m.status:
		return &finding{Say: "The order has the wrong status.", Got: o.Status(), Want: m.status}
	case bag(o.Lines()) != bag(m.lines):
		return &finding{Say: "The order has the wrong lines.", Got: shows(o.Lines()), Want: shows(m.lines)}
	case o.Total().Cents() != sum || o.Total().Currency() != "EUR":
		return &finding{Say: "The total is not the sum of the lines.", Got: amount(o.Total()), Want: fmt.Sprintf("%d cents EUR", sum)}
	}
	return nil
}

// bag is the lines in whatever order.
func bag(lines []order.OrderLine) string {
	sorted := slices.Clone(lines)
	slices.SortFunc(sorted, func(a, b order.OrderLine) int {
		if show1(a) < show1(b) {
			return -1
		}
		return 1
	})
	return shows(sorted)
}
