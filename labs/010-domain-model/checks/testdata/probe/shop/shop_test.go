package probe

import (
	"fmt"
	"strings"
	"testing"

	shop "shop/shop"
)

// What main.go calls.
var (
	_ func() *shop.Shop                                        = shop.Open
	_ func(*shop.Shop, string, string, float64, int) error     = (*shop.Shop).Deliver
	_ func(*shop.Shop, string, map[string]int) (string, error) = (*shop.Shop).Buy
	_ func(*shop.Shop, string) (string, error)                 = (*shop.Shop).Receipt
	_ func(*shop.Shop, string) error                           = (*shop.Shop).Ship
	_ func(*shop.Shop, string) error                           = (*shop.Shop).Cancel
	_ func(*shop.Shop, string) int                             = (*shop.Shop).Left
)

func accept(t *testing.T, call string, err error) {
	t.Helper()
	if err != nil {
		notYet(t, finding{Say: "The shop does not sell as before: " + call + " fails.", Got: err, Want: "no error", Next: "Run main.go and read what the shop says."})
	}
}

func refuse(t *testing.T, call string, err error) {
	t.Helper()
	if err == nil {
		notYet(t, finding{Say: "The shop does not refuse " + call + ".", Got: "no error", Want: "an error"})
	}
}

func left(t *testing.T, s *shop.Shop, after string, tea, cups int) {
	t.Helper()
	want := fmt.Sprintf("%d tea, %d cups", tea, cups)
	if got := fmt.Sprintf("%d tea, %d cups", s.Left("tea"), s.Left("cup")); got != want {
		notYet(t, finding{Say: "The shop has the wrong goods left after " + after + ".", Got: got, Want: want, At: "shop/shop.go",
			Next: "Follow the goods through Deliver, Buy and Cancel: all of a basket, or nothing."})
	}
}

func contains(t *testing.T, receipt string, words ...string) {
	t.Helper()
	for _, word := range words {
		if !strings.Contains(receipt, word) {
			notYet(t, finding{Say: "The receipt does not say " + word + ".", Got: receipt, Want: strings.Join(words, ", "), Next: "Compare it with what the shop printed before you changed it."})
		}
	}
}

func TestShop(t *testing.T) {
	s := shop.Open()
	accept(t, "Deliver", s.Deliver("tea", "Green tea", 4.35, 10))
	accept(t, "Deliver", s.Deliver("cup", "Blue cup", 12, 4))
	left(t, s, "two deliveries", 10, 4)
	receipt, err := s.Buy("o-1", map[string]int{"tea": 2, "cup": 1})
	accept(t, "Buy", err)
	contains(t, receipt, "o-1", "Green tea", "8.70", "Blue cup", "12.00", "20.70", "EUR")
	again, err := s.Receipt("o-1")
	accept(t, "Receipt", err)
	contains(t, again, "o-1", "Green tea", "20.70")
	left(t, s, "buying 2 and 1", 8, 3)
	accept(t, "Deliver", s.Deliver("tea", "Green tea", 4.35, 5))
	left(t, s, "another 5 tea", 13, 3)
	accept(t, "Ship", s.Ship("o-1"))
	refuse(t, "cancelling what is on its way", s.Cancel("o-1"))
	left(t, s, "a cancel that was refused", 13, 3)
	refusals(t, s)
}

func refusals(t *testing.T, s *shop.Shop) {
	t.Helper()
	for _, basket := range []struct {
		what  string
		wants map[string]int
	}{
		{"more cups than there are", map[string]int{"tea": 1, "cup": 4}},
		{"more tea than there is", map[string]int{"tea": 14, "cup": 1}},
		{"what it does not have", map[string]int{"tea": 1, "pot": 1}},
		{"fewer than one", map[string]int{"tea": 1, "cup": -1}},
		{"an empty basket", map[string]int{}},
	} {
		_, err := s.Buy("o-2", basket.wants)
		refuse(t, "selling "+basket.what, err)
		left(t, s, "refusing to sell "+basket.what, 13, 3)
	}
	refuse(t, "shipping an order it does not have", s.Ship("o-9"))
	_, err := s.Receipt("o-9")
	refuse(t, "a receipt for an order it does not have", err)
	_, err = s.Buy("o-3", map[string]int{"tea": 3, "cup": 2})
	accept(t, "Buy", err)
	left(t, s, "buying 3 tea and 2 cups", 10, 1)
	accept(t, "Cancel", s.Cancel("o-3"))
	left(t, s, "cancelling 3 tea and 2 cups", 13, 3)
	refuse(t, "cancelling twice", s.Cancel("o-3"))
	left(t, s, "cancelling twice", 13, 3)
}
