//go:build lab

package checks

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"cnalab/labs/check/gomod"
)

// step is one call, and how it reads.
type step struct {
	name   string // "Add", "Remove", "Ship", "Cancel"
	goods  goods  // for Add
	id     string // of the product, for Add and Remove
	unread bool   // nothing is asked of the order before the next one
}

func (s step) String() string {
	switch s.name {
	case "Add":
		return "o.Add(" + s.goods.line.String() + ")"
	case "Remove":
		return fmt.Sprintf("o.Remove(%q)", s.id)
	}
	return "o." + s.name + "()"
}

func (s step) call() gomod.Call {
	switch s.name {
	case "Add":
		return gomod.Call{Name: "Add", Args: []any{s.goods.Value}, Unread: s.unread}
	case "Remove":
		return gomod.Call{Name: "Remove", Args: []any{s.id}, Unread: s.unread}
	}
	return gomod.Call{Name: s.name, Unread: s.unread}
}

// The same lists of calls every time, so that a verdict stays, and some that
// nobody can know before. In some lists the order is not asked after each call:
// what it remembers of an earlier answer may be wrong by then.
const (
	sameLists    = 400
	listsOfGaps  = 200
	newLists     = 20
	longestList  = 24
	mostlyUnread = 0.7
)

// unread chooses the calls of a story after which nothing is asked, in all stories
// but the first: what is remembered of an earlier answer may be wrong later.
func unread(seed uint64, r *rand.Rand, last bool) bool {
	const allRead = 60
	return seed >= allRead && !last && r.IntN(3) > 0
}

// survivesRandomCalls makes many random calls and holds each against the rules.
// What breaks one is made as short as it can be.
func survivesRandomCalls(c *gomod.Child) {
	keepsRulesOfItsOwn(c)
	statuses, shelf := statusesOf(c), newShelf(c)
	var lists []list
	for seed := range uint64(sameLists) {
		lists = append(lists, shelf.random(rand.New(rand.NewPCG(seed, 0))))
	}
	for seed := range uint64(listsOfGaps) {
		r := rand.New(rand.NewPCG(seed, 1))
		lists = append(lists, shelf.random(r).withGaps(r))
	}
	for i := range newLists {
		r := rand.New(rand.NewPCG(rand.Uint64(), 0))
		l := shelf.random(r)
		if i%2 > 0 {
			l = l.withGaps(r)
		}
		lists = append(lists, l)
	}
	for i, moments := range gomod.Tell[seen](c, storiesOf(lists)...) {
		if judge(c, statuses, lists[i], moments) != nil {
			short := shorten(c, statuses, lists[i])
			f := *judged(c, statuses, short)
			f.Output, f.Next = short.String(), callsOfYours
			c.NotYet(f)
		}
	}
}

const callsOfYours = "Make these calls in a test of your own to see it happen."

// list is the lines that an order is placed with, and calls of it.
type list struct {
	first []goods
	steps []step
}

func (l list) String() string {
	gaps := slices.ContainsFunc(l.steps, func(s step) bool { return s.unread })
	lines := []string{`o, _ := Place("o-1", ` + shows(linesOf(l.first)) + ")"}
	if gaps {
		lines = append(lines, asked)
	}
	for _, s := range l.steps {
		lines = append(lines, s.String())
		if gaps && !s.unread {
			lines = append(lines, asked)
		}
	}
	return strings.Join(lines, "\n")
}

// asked is how it reads that the order is looked at.
const asked = "o.ID(); o.Status(); o.Total(); o.Lines()"

// withGaps leaves most of the calls unread, but not the last.
func (l list) withGaps(r *rand.Rand) list {
	for i := range len(l.steps) - 1 {
		l.steps[i].unread = r.Float64() < mostlyUnread
	}
	return l
}

func storiesOf(lists []list) []gomod.Story {
	var stories []gomod.Story
	for _, l := range lists {
		stories = append(stories, l.story())
	}
	return stories
}

func (l list) story() gomod.Story {
	story := gomod.Story{First: gomod.Call{Name: "order.Place", Args: []any{"o-1"}}}
	for _, line := range l.first {
		story.First.Args = append(story.First.Args, line.Value)
	}
	for _, s := range l.steps {
		story.Then = append(story.Then, s.call())
	}
	return story
}

// shelf is what the random calls are about: each product at several prices, one
// of them zero, one that fits on an order with little else, and some in another
// currency.
type shelf struct{ goods, foreign []goods }

func newShelf(c *gomod.Child) shelf {
	var s shelf
	for i, id := range []string{"tea", "cup", "pot", "pen"} {
		for quantity := 1; quantity <= 3; quantity++ {
			s.goods = append(s.goods, newLine(c, id, quantity, int64((99+i*137)*(quantity-1)), "EUR"))
		}
		s.foreign = append(s.foreign, newLine(c, id, 1, int64(100*(i%2)), "USD"))
	}
	s.goods = append(s.goods, newLine(c, "gold", 1, math.MaxInt64-300, "EUR"))
	return s
}

func (s shelf) random(r *rand.Rand) list {
	l := list{first: []goods{s.goods[r.IntN(len(s.goods))]}}
	switch r.IntN(8) {
	case 0:
		l.first[0] = s.foreign[r.IntN(len(s.foreign))]
	case 1, 2:
		if other := s.goods[r.IntN(len(s.goods))]; other.Item.ProductID != l.first[0].Item.ProductID && other.sum() <= math.MaxInt64-l.first[0].sum() {
			l.first = append(l.first, other)
		}
	}
	for range 1 + r.IntN(longestList) {
		l.steps = append(l.steps, s.step(r))
	}
	return l
}

func (s shelf) step(r *rand.Rand) step {
	some := s.goods[r.IntN(len(s.goods))]
	switch n := r.IntN(40); {
	case n == 0:
		return step{name: "Ship"}
	case n == 1:
		return step{name: "Cancel"}
	case n <= 4:
		some = s.foreign[r.IntN(len(s.foreign))]
		return step{name: "Add", goods: some, id: some.Item.ProductID}
	}
	return step{name: []string{"Add", "Remove"}[r.IntN(2)], goods: some, id: some.Item.ProductID}
}
