//go:build lab

package checks

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"cnalab/labs/check"
	"cnalab/labs/check/gomod"
)

// counter makes calls of one shop.
type counter struct {
	*gomod.Child
	shop gomod.Value
}

func openShop(c *gomod.Child) counter {
	s, _ := c.Call("shop.Open")
	return counter{c, s}
}

// accept calls a method that has to work, and returns what it says.
func (s counter) accept(method string, args ...any) string {
	said, err := s.shop.Call(method, args...)
	if err != nil {
		s.NotYet(check.Finding{
			Say: fmt.Sprintf("The shop does not sell as before: %s returned an error.", calls(method, args)), Got: err, Want: "no error",
			Next: "Run main.go and read what the shop says.",
		})
	}
	return said.String()
}

// calls is how a call reads.
func calls(method string, args []any) string {
	var words []string
	for _, arg := range args {
		text, _ := json.Marshal(arg) // plain values always have JSON
		words = append(words, string(text))
	}
	return method + "(" + strings.Join(words, ", ") + ")"
}

// refuse calls a method that has to return an error.
func (s counter) refuse(why, method string, args ...any) {
	if _, err := s.shop.Call(method, args...); err == nil {
		s.NotYet(check.Finding{
			Say: fmt.Sprintf("%s returned no error.", calls(method, args)), Got: "no error", Want: why, At: "shop/shop.go", Next: "Let the shop return the error that order or product returns.",
		})
	}
}

func (s counter) left(sku string) string {
	left, _ := s.shop.Call("Left", sku)
	return left.String()
}

func (s counter) wantLeft(after string, tea, cups int) {
	want := fmt.Sprintf("%d tea, %d cup", tea, cups)
	if got := fmt.Sprintf("%s tea, %s cup", s.left("tea"), s.left("cup")); got != want {
		s.NotYet(check.Finding{
			Say: fmt.Sprintf("The shop has the wrong stock after %s.", after), Got: got, Want: want, At: "shop/shop.go",
			Next: "Follow the stock through Deliver, Buy and Cancel: each takes or gives back the whole basket, or nothing.",
		})
	}
}

const asBefore = "Compare it with what the shop printed before you changed it."

var euros = regexp.MustCompile(`\bEUR\b`)

// contains reads the receipt of an order: the order first, then its lines, in
// whatever order, and the total at the end, all in euros.
func (s counter) contains(receipt, orderID string, lines []string, total string) {
	for _, word := range append(lines, orderID, total) {
		if !strings.Contains(receipt, word) {
			s.NotYet(check.Finding{Say: fmt.Sprintf("The receipt does not say %s.", word), Got: receipt, Want: word, Next: asBefore})
		}
	}
	for _, line := range lines {
		if at := strings.Index(receipt, line); at < strings.Index(receipt, orderID) || at > strings.LastIndex(receipt, total) {
			s.NotYet(check.Finding{Say: fmt.Sprintf("%s is not between the order's number and the total.", line), Got: receipt, Want: "the number, the lines, the total", Next: asBefore})
		}
	}
	if !euros.MatchString(receipt) {
		s.NotYet(check.Finding{Say: "The receipt does not say EUR.", Got: receipt, Want: "EUR", Next: asBefore})
	}
}

// sameReceipt compares receipts, with the lines in whatever order.
func sameReceipt(a, b string) bool {
	return slices.Equal(slices.Sorted(strings.Lines(a)), slices.Sorted(strings.Lines(b)))
}

// asks ends the check where the call has not led to a function of each context.
func (s counter) asks(call string, contexts ...string) {
	s.asked(call, s.Calls().Names, contexts...)
}

func (s counter) asked(call string, called []string, contexts ...string) {
	for _, context := range contexts {
		if !slices.ContainsFunc(called, func(name string) bool { return strings.HasPrefix(name, context+".") }) {
			s.NotYet(check.Finding{
				Say: fmt.Sprintf("%s of the shop does not use package %s.", call, context), Got: fmt.Sprintf("no function of package %s was called", context),
				Want: fmt.Sprintf("a shop that sells with %s", context), At: "shop/shop.go", Next: fmt.Sprintf("Let %s in shop.go call package %s instead of using data that shop keeps itself.", call, context),
			})
		}
	}
}

type basket = map[string]int

func sellsAsBefore(c *gomod.Child) {
	s := openShop(c)
	s.Calls()
	s.accept("Deliver", "tea", "Green tea", 4.35, 10)
	s.asks("Deliver", "product")
	s.accept("Deliver", "cup", "Blue cup", 12, 4)
	s.wantLeft("two deliveries", 10, 4)
	s.asks("Left", "product")
	receipt := s.accept("Buy", "o-1", basket{"tea": 2, "cup": 1})
	s.asks("Buy", "order", "product")
	s.contains(receipt, "o-1", []string{"Green tea", "8.70", "Blue cup", "12.00"}, "20.70")
	s.contains(s.accept("Receipt", "o-1"), "o-1", []string{"Green tea", "8.70", "Blue cup", "12.00"}, "20.70")
	s.asks("Receipt", "order")
	s.wantLeft("buying 2 tea and 1 cup", 8, 3)
	s.accept("Deliver", "tea", "Green tea", 5.20, 5)
	s.wantLeft("another 5 tea", 13, 3)
	s.keepsTotal("o-1", "20.70")
	s.Calls()
	s.accept("Ship", "o-1")
	s.asks("Ship", "order")
	s.refuse("an error: the order is shipped", "Cancel", "o-1")
	s.asks("Cancel", "order")
	s.wantLeft("a Cancel that was refused", 13, 3)
	s.refuse("an error: the order was shipped before", "Ship", "o-1")
	s.asks("Ship", "order")
	s.refusals()
	sellsWholeBaskets(c)
}

// keepsTotal reads the receipt of an order again, after its tea got dearer.
func (s counter) keepsTotal(orderID, total string) {
	if receipt := s.accept("Receipt", orderID); !strings.Contains(receipt, total) {
		s.NotYet(check.Finding{
			Say: fmt.Sprintf("The total of %s was %s, and a delivery at a higher price has changed it.", orderID, total),
			Got: receipt, Want: total, At: "shop/shop.go",
			Next: "Print what the order returns: its lines keep the price that they were placed with.",
		})
	}
}

func (s counter) refusals() {
	const tooMany, unknown, one = "an error: there are not that many", "an error: there is no such product", "an error: at least one is taken"
	for _, refused := range []struct {
		why   string
		wants basket
	}{
		{tooMany, basket{"tea": 1, "cup": 4}},
		{tooMany, basket{"tea": 14, "cup": 1}},
		{tooMany, basket{"cup": 4}},
		{unknown, basket{"tea": 1, "pot": 1}},
		{unknown, basket{"pot": 1}},
		{one, basket{"tea": 1, "cup": -1}},
		{one, basket{"tea": 1, "cup": 0}},
		{one, basket{"tea": -1}},
		{"an error: an order has at least one line", basket{}},
	} {
		s.refuse(refused.why, "Buy", "o-2", refused.wants)
		s.wantLeft(calls("Buy", []any{"o-2", refused.wants}), 13, 3)
		s.refuse("an error: Buy has refused that order", "Receipt", "o-2")
	}
	const noOrder = "an error: there is no such order"
	s.refuse("an error: an order has a number", "Buy", "", basket{"tea": 1})
	s.wantLeft("buying without a number", 13, 3)
	s.refuse(noOrder, "Ship", "o-9")
	s.refuse(noOrder, "Cancel", "o-9")
	s.refuse(noOrder, "Receipt", "o-9")
	s.accept("Buy", "o-3", basket{"tea": 3, "cup": 2})
	s.wantLeft("buying 3 tea and 2 cups", 10, 1)
	s.Calls()
	s.accept("Cancel", "o-3")
	s.asks("Cancel", "order", "product")
	s.wantLeft("cancelling 3 tea and 2 cups", 13, 3)
	s.refuse("an error: it is cancelled already", "Cancel", "o-3")
	s.refuse("an error: it is cancelled", "Ship", "o-3")
	s.wantLeft("cancelling twice", 13, 3)
	s.accept("Buy", "o-4", basket{"tea": 13, "cup": 3})
	s.wantLeft("buying all that was left", 0, 0)
	s.deliveries()
}

// deliveries are some that the shelf does not take.
func (s counter) deliveries() {
	s.refuse(ruleOne, "Deliver", "tea", "Green tea", 4.35, 0)
	s.refuse(ruleTitle, "Deliver", "tea", "", 4.35, 2)
	s.refuse(ruleSKU, "Deliver", "", "Nothing", 4.35, 2)
	s.refuse(rulePrice, "Deliver", "pot", "Tea pot", -1, 2)
	if left := s.left("pot"); left != "0" {
		s.NotYet(check.Finding{
			Say: "Left reports stock that was never delivered.", Got: fmt.Sprintf("%s pot", left), Want: "0 pot", At: "shop/shop.go",
			Next: "Put nothing on the shelf if New or Receive returns an error.",
		})
	}
}
