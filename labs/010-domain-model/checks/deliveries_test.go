//go:build lab

package checks

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"cnalab/labs/check"
	"cnalab/labs/check/gomod"
)

// longTitle is wider than any column of a receipt or a label.
const longTitle = "Sencha, first harvest, 100 % from Boseong (말차와 함께), in a tin of cherry bark"

// takes reports whether the rules of the shelf allow the call, and makes it.
func (p *onShelf) takes(call gomod.Call) bool {
	n, _ := call.Args[0].(int)
	switch {
	case call.Name == "Receive" && n >= 1:
		p.Stock += n
	case call.Name == "Take" && n >= 1 && n <= p.Stock:
		p.Stock -= n
	case call.Name == "Change" && call.Args[0] != "" && call.Args[1].(float64) >= 0:
		p.Title, p.Price = call.Args[0].(string), call.Args[1].(float64)
	default:
		return false
	}
	return true
}

// shelfStories are random calls of a product, some of which follow one another
// before the product is looked at.
func shelfStories() []gomod.Story {
	var stories []gomod.Story
	for seed := range uint64(120) {
		r := rand.New(rand.NewPCG(seed, 0))
		story := gomod.Story{First: gomod.Call{Name: "product.New", Args: []any{"tea", "Green tea", 4.35}}}
		n := 1 + r.IntN(8)
		for i := range n {
			call := shelfCall(r)
			call.Unread = unread(seed, r, i == n-1)
			story.Then = append(story.Then, call)
		}
		stories = append(stories, story)
	}
	return stories
}

func shelfCall(r *rand.Rand) gomod.Call {
	switch r.IntN(6) {
	case 0, 1:
		return gomod.Call{Name: "Receive", Args: []any{r.IntN(6) - 1}}
	case 2, 3:
		return gomod.Call{Name: "Take", Args: []any{r.IntN(6) - 1}}
	}
	titles := []string{"Green tea", "Sencha", longTitle, ""}
	prices := []float64{4.35, 0, -0.00001, 0.00004, 0.12345, float64(r.Int64N(20_000_000_000)) / 1e9}
	return gomod.Call{Name: "Change", Args: []any{titles[r.IntN(len(titles))], prices[r.IntN(len(prices))]}}
}

// survivesRandomDeliveries holds a product against the rules of the shelf after
// random calls.
func survivesRandomDeliveries(c *gomod.Child) {
	stories := shelfStories()
	for i, moments := range gomod.Tell[onShelf](c, stories...) {
		want := onShelf{"tea", "Green tea", 4.35, 0}
		done := []string{`p, _ := New("tea", "Green tea", 4.35)`}
		for j, now := range moments[min(1, len(moments)):] {
			call := stories[i].Then[j]
			done = append(done, "p."+calls(call.Name, call.Args))
			if allowed := want.takes(call); allowed != (now.Err == nil) {
				f := disagreed(allowed, now.Err)
				f.Output, f.Next = strings.Join(done, "\n"), callsOfYours
				c.NotYet(*f)
			}
			if !now.Unread && now.Seen != want {
				c.NotYet(check.Finding{
					Say: fmt.Sprintf("The product is wrong after %s.", calls(call.Name, call.Args)), Got: now.Seen, Want: want, Output: strings.Join(done, "\n"),
					Next: "Follow the SKU, the title, the price and the stock through these calls.",
				})
			}
		}
	}
}
