//go:build lab

package checks

import (
	"cmp"
	"math"
	"slices"

	"cnalab/labs/check"
	"cnalab/labs/check/gomod"
)

// statuses are the three of the learner's code.
type statuses struct{ placed, shipped, cancelled gomod.Word }

func statusesOf(c *gomod.Child) statuses {
	return statuses{c.Get("order.Placed").Word(), c.Get("order.Shipped").Word(), c.Get("order.Cancelled").Word()}
}

// model is the order as the story tells it.
type model struct {
	statuses
	status gomod.Word
	lines  []line
}

// takes reports whether the rules allow the call, and makes it.
func (m *model) takes(s step) bool {
	at := slices.IndexFunc(m.lines, func(l line) bool { return l.Item.ProductID == s.id })
	switch {
	case m.status != m.placed:
		return false
	case s.name == "Ship":
		m.status = m.shipped
	case s.name == "Cancel":
		m.status = m.cancelled
	case s.name == "Add" && at < 0 && s.goods.Item.Price.Currency == m.lines[0].Item.Price.Currency && m.total().Cents <= math.MaxInt64-s.goods.line.sum():
		m.lines = append(m.lines, s.goods.line)
	case s.name == "Remove" && at >= 0 && len(m.lines) > 1:
		m.lines = slices.Delete(m.lines, at, at+1)
	default:
		return false
	}
	return true
}

func (m *model) total() money {
	total := money{Currency: m.lines[0].Item.Price.Currency}
	for _, l := range m.lines {
		total.Cents += l.sum()
	}
	return total
}

// differs compares all that can be seen of the order.
func (m *model) differs(o seen) *check.Finding {
	want := m.total()
	switch {
	case o.ID != "o-1":
		return &check.Finding{Say: "The order's number has changed.", Got: o.ID, Want: "o-1", Next: callsOfYours}
	case o.Status != m.status:
		return &check.Finding{Say: "The order has the wrong status.", Got: o.Status, Want: m.status, Next: callsOfYours}
	case !slices.Equal(bag(o.Lines), bag(m.lines)):
		return &check.Finding{Say: "The order has the wrong lines.", Got: shows(o.Lines), Want: shows(m.lines), Next: callsOfYours}
	case o.Total != want:
		return &check.Finding{Say: "The total is not the sum of the lines.", Got: o.Total, Want: want, Next: "Calculate the total from the lines each time Total is called."}
	}
	return nil
}

// bag is the lines in whatever order.
func bag(lines []line) []line {
	return slices.SortedFunc(slices.Values(lines), func(a, b line) int {
		return cmp.Or(
			cmp.Compare(a.Item.ProductID, b.Item.ProductID), cmp.Compare(a.Quantity, b.Quantity),
			cmp.Compare(a.Item.Price.Cents, b.Item.Price.Cents), cmp.Compare(a.Item.Price.Currency, b.Item.Price.Currency),
		)
	})
}
