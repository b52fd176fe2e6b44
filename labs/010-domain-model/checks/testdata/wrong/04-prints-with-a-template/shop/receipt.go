package shop

import (
	"fmt"
	"strings"
	"text/template"
)

// paper is what a receipt looks like.
const paper = `Order {{.ID}}
{{range .Lines}}{{printf "%3d x %-24s" .Quantity (title .Item.ProductID)}} {{euros .Item.Price.Cents .Quantity}} {{.Item.Price.Currency}}
{{end}}{{printf "%-30s" "Total"}} {{euros .Total.Cents 1}} {{.Total.Currency}}
`

// print puts an order on paper.
func (s *Shop) print(order any) (string, error) {
	receipt, err := template.New("receipt").Funcs(template.FuncMap{
		"title": s.title,
		"euros": func(cents int64, times int) string {
			sum := cents * int64(times)
			return fmt.Sprintf("%5d.%02d", sum/100, sum%100)
		},
	}).Parse(paper)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	err = receipt.Execute(&b, order)
	return b.String(), err
}

// amount is what a receipt shows. It divides whole cents: a float64 does not
// hold every amount.
func amount(cents int64, currency string) string {
	return fmt.Sprintf("%5d.%02d %s", cents/100, cents%100, currency)
}
