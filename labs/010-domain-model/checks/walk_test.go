//go:build lab

package checks

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

	"cnalab/labs/check"
	"cnalab/labs/check/gomod"
)

// walk makes random calls of a shop, and knows what has to come of them.
type walk struct {
	counter
	r        *rand.Rand
	snapshot bool // a receipt stays the same, as from step 6 on
	goods    map[string]offer
	orders   []*sold
	done     []string // for who reads a finding
}

// offer is what there is of a product, and what it is called and costs now.
type offer struct {
	title string
	cents int
	left  int
}

// sold is an order that was bought.
type sold struct {
	id      string
	wants   basket
	total   string
	receipt string // as Buy has returned it
	ended   bool   // shipped or cancelled
}

// walksAtRandom looks at the shop after some of the calls only: what it
// remembers of an earlier answer may be wrong by then.
func walksAtRandom(c *gomod.Child, snapshot bool) {
	for seed := range uint64(24) {
		w := &walk{counter: openShop(c), r: rand.New(rand.NewPCG(seed, 0)), snapshot: snapshot, goods: map[string]offer{}}
		const longest = 16
		for i := range longest {
			says := w.step()
			if i == longest-1 || w.r.IntN(3) == 0 {
				w.look(says)
			}
		}
	}
}

// step makes a call, and returns how it reads.
func (w *walk) step() string {
	switch n := w.r.IntN(10); {
	case n < 4 || len(w.goods) == 0:
		return w.deliver()
	case n < 8:
		return w.buy()
	}
	return w.end()
}

// call makes one that has to work, or has to be refused.
func (w *walk) call(works bool, method string, args ...any) (says, returned string) {
	says = calls(method, args)
	w.done = append(w.done, says)
	said, err := w.shop.Call(method, args...)
	if works != (err == nil) {
		f := disagreed(works, err)
		f.Output, f.At, f.Next = strings.Join(w.done, "\n"), "shop/shop.go", callsOfYours
		w.NotYet(*f)
	}
	return says, said.String()
}

func (w *walk) deliver() string {
	titles := []string{"Green tea", "Sencha", "Cup", "Blue cup", ""}
	cents := []int{250, 435, 1200, 29, -1}
	sku, title, price, quantity := sorts[w.r.IntN(3)], titles[w.r.IntN(len(titles))], cents[w.r.IntN(len(cents))], w.r.IntN(5)
	works := title != "" && price > 0 && quantity > 0
	says, _ := w.call(works, "Deliver", sku, title, float64(price)/100, quantity)
	if works {
		w.goods[sku] = offer{title, price, w.goods[sku].left + quantity}
	}
	return says
}

// buy asks for some goods under a new number, which may be more than there are,
// or under a number that is there.
func (w *walk) buy() string {
	wants, cents, works := basket{}, 0, true
	for range 1 + w.r.IntN(3) {
		sku := sorts[w.r.IntN(3)]
		wants[sku] = 1 + w.r.IntN(3)
	}
	for sku, n := range wants {
		cents += n * w.goods[sku].cents
		works = works && n <= w.goods[sku].left
	}
	id := fmt.Sprintf("o-%d", len(w.done))
	if len(w.orders) > 0 && w.r.IntN(4) == 0 {
		id, works = w.orders[w.r.IntN(len(w.orders))].id, false
		if w.r.IntN(2) == 0 {
			wants[sorts[w.r.IntN(3)]] = []int{1000, 0, -1}[w.r.IntN(3)]
		}
	}
	says, receipt := w.call(works, "Buy", id, wants)
	if works {
		w.sell(&sold{id: id, wants: wants, total: fmt.Sprintf("%d.%02d", cents/100, cents%100), receipt: receipt})
	}
	return says
}

func (w *walk) sell(o *sold) {
	w.orders = append(w.orders, o)
	for sku, n := range o.wants {
		now := w.goods[sku]
		now.left -= n
		w.goods[sku] = now
		w.wantReceipt(o.receipt, now.title)
	}
	w.wantReceipt(o.receipt, o.total)
}

// end ships or cancels one of the orders.
func (w *walk) end() string {
	if len(w.orders) == 0 {
		return w.deliver()
	}
	o, method := w.orders[w.r.IntN(len(w.orders))], []string{"Ship", "Cancel"}[w.r.IntN(2)]
	says, _ := w.call(!o.ended, method, o.id)
	if method == "Cancel" && !o.ended {
		for sku, n := range o.wants {
			now := w.goods[sku]
			now.left += n
			w.goods[sku] = now
		}
	}
	o.ended = true
	return says
}

// look compares what is left, and the receipts of all that is placed.
func (w *walk) look(after string) {
	var got, want []string
	for _, sku := range slices.Sorted(maps.Keys(w.goods)) {
		got, want = append(got, fmt.Sprintf("%s %s", w.left(sku), sku)), append(want, fmt.Sprintf("%d %s", w.goods[sku].left, sku))
	}
	if got, want := strings.Join(got, ", "), strings.Join(want, ", "); got != want {
		w.NotYet(check.Finding{
			Say: fmt.Sprintf("The shop has the wrong stock after %s.", after), Got: got, Want: want, At: "shop/shop.go", Output: strings.Join(w.done, "\n"),
			Next: "Follow the stock through Deliver, Buy and Cancel: each takes or gives back the whole basket, or nothing.",
		})
	}
	w.done = append(w.done, "Left and Receipt of all there is")
	for _, o := range w.orders {
		if o.ended {
			continue
		}
		_, receipt := w.call(true, "Receipt", o.id)
		w.done = w.done[:len(w.done)-1]
		w.wantReceipt(receipt, o.total)
		if w.snapshot && !sameReceipt(receipt, o.receipt) {
			w.NotYet(check.Finding{
				Say: "The receipt of a placed order changes with the product.", Got: receipt, Want: o.receipt, Output: strings.Join(w.done, "\n"),
				Next: "Let the receipt read only its order.",
			})
		}
	}
}

func (w *walk) wantReceipt(receipt, word string) {
	if !strings.Contains(receipt, word) {
		w.NotYet(check.Finding{
			Say: fmt.Sprintf("The receipt does not say %s.", word), Got: receipt, Want: word, Output: strings.Join(w.done, "\n"), Next: asBefore,
		})
	}
}
