package probe

import (
	"testing"

	shop "shop/shop"
)

// TestReceipt changes a product after somebody bought it.
func TestReceipt(t *testing.T) {
	s := shop.Open()
	accept(t, "Deliver", s.Deliver("tea", "Green tea", 4.35, 10))
	before, err := s.Buy("o-1", map[string]int{"tea": 2})
	accept(t, "Buy", err)
	contains(t, before, "Green tea", "8.70")
	accept(t, "Deliver", s.Deliver("tea", "Sencha", 5.20, 1))
	after, err := s.Receipt("o-1")
	accept(t, "Receipt", err)
	if after != before {
		notYet(t, finding{
			Say: "The receipt of a placed order changes with the product.", Got: after, Want: before,
			Next: "Let the receipt read its order and nothing else.",
		})
	}
	fresh, err := s.Buy("o-2", map[string]int{"tea": 1})
	accept(t, "Buy", err)
	contains(t, fresh, "Sencha", "5.20")
	accept(t, "Deliver", s.Deliver("new", "Not for sale yet", 0, 3))
	_, err = s.Buy("o-3", map[string]int{"tea": 1, "new": 1})
	refuse(t, "selling what is not for sale yet", err)
	if s.Left("new") != 3 || s.Left("tea") != 8 {
		notYet(t, finding{Say: "A refused basket leaves the shelf.", Got: s.Left("tea"), Want: 8})
	}
}
