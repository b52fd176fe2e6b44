package shop

import (
	"fmt"
	"sort"
	"strings"
)

// Sale is what a customer buys.
type Sale struct {
	ID     string
	Status string // "placed", "shipped" or "cancelled"
	Lines  []Entry
	Total  float64
}

// Entry is a product on an order.
type Entry struct {
	Product  *Goods
	Quantity int
	Price    float64
}

// Sum works the total out.
func (o *Sale) Sum() {
	o.Total = 0
	for _, line := range o.Lines {
		o.Total += line.Price * float64(line.Quantity)
	}
}

// Receipt is the order on paper.
func (o *Sale) Receipt() string {
	sort.Slice(o.Lines, func(i, j int) bool { return o.Lines[i].Product.SKU < o.Lines[j].Product.SKU })
	var b strings.Builder
	fmt.Fprintf(&b, "Order %s\n", o.ID)
	for _, line := range o.Lines {
		sum := line.Price * float64(line.Quantity)
		fmt.Fprintf(&b, "%3d x %-24s %8.2f EUR\n", line.Quantity, line.Product.Title, sum)
	}
	fmt.Fprintf(&b, "%-30s %8.2f EUR\n", "Total", o.Total)
	return b.String()
}
