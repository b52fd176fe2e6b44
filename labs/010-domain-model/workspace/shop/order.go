package shop

import (
	"fmt"
	"sort"
	"strings"
)

// Order is what a customer buys.
type Order struct {
	ID     string
	Status string // "placed", "shipped" or "cancelled"
	Lines  []Line
	Total  float64
}

// Line is a product on an order.
type Line struct {
	Product  *Product
	Quantity int
}

// Sum works the total out.
func (o *Order) Sum() {
	o.Total = 0
	for _, line := range o.Lines {
		o.Total += line.Product.Price * float64(line.Quantity)
	}
}

// Receipt is the order on paper.
func (o *Order) Receipt() string {
	sort.Slice(o.Lines, func(i, j int) bool { return o.Lines[i].Product.SKU < o.Lines[j].Product.SKU })
	var b strings.Builder
	fmt.Fprintf(&b, "Order %s\n", o.ID)
	for _, line := range o.Lines {
		sum := line.Product.Price * float64(line.Quantity)
		fmt.Fprintf(&b, "%3d x %-24s %8.2f EUR\n", line.Quantity, line.Product.Title, sum)
	}
	fmt.Fprintf(&b, "%-30s %8.2f EUR\n", "Total", o.Total)
	return b.String()
}
