//go:build lab

// Package checks looks at the learner's domain model: it has it called as any
// package could, and reads which packages know which.
package checks

import (
	_ "embed"
	"testing"

	"cnalab/labs/check"
	"cnalab/labs/check/gomod"
)

// What is asked of each package, by name and shape.
var (
	//go:embed testdata/names/values.go
	valueNames string
	//go:embed testdata/names/order.go
	orderNames string // those of the values, too
	//go:embed testdata/names/events.go
	eventNames string
	//go:embed testdata/names/catalog.go
	catalogNames string
	//go:embed testdata/names/product.go
	productNames string
	//go:embed testdata/names/shop.go
	shopNames string

	//go:embed testdata/wrap/item.go
	swappingItem string
)

// ask has judge ask the learner's packages, which have those names.
func ask(t *testing.T, judge func(*gomod.Child), names ...string) {
	t.Helper()
	m := gomod.Load(check.New(t))
	for _, text := range names {
		switch text {
		case shopNames: // which of the others the shop asks, and what it does with the answer
			m.Instrument = []string{"order", "product", "catalog"}
		case catalogNames: // what comes of prices that no check can hand over
			m.Instrument = []string{"catalog"}
		default:
			continue
		}
		m.Wrap = map[string]string{"catalog.Item": swappingItem}
	}
	m.Ask(judge, names...)
}
