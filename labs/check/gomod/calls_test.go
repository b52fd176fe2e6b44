//go:build unix

package gomod

import (
	"fmt"
	"slices"
	"testing"

	"cnalab/labs"
	"cnalab/labs/check"
	"cnalab/labs/check/checktest"
)

func init() {
	checktest.Subjects["a child whose calls are told"] = func(c *check.C) {
		m := Load(c)
		m.Instrument = []string{"order"}
		m.Wrap = map[string]string{"order.Fee": "package order\n\nfunc Fee() int { return 100 + check_Fee() }\n"}
		m.Ask(func(c *Child) {
			s, _ := c.Call("shop.Open")
			c.Watch(s, "order")
			c.Calls()
			_, _ = s.Call("OneByOne")
			one := c.Calls()
			_, _ = s.Call("AtOnce")
			all := c.Calls()
			_, _ = s.Call("Printed")
			all.Outside = append(all.Outside, c.Calls().Outside...)
			fee, _ := s.Call("Fee")
			var names []string
			for _, use := range slices.Concat(one.Outside, all.Outside) {
				names = append(names, use.Package+"."+use.Name+" at "+use.At)
			}
			list, _ := s.Call("Told")
			var before, after struct {
				Told []Whole
			}
			s.Read(&before)
			list.Scribble()
			s.Read(&after)
			c.NotYet(check.Finding{Say: "told", Got: fmt.Sprintln(one.Changes, all.Changes, fee, names), Want: fmt.Sprintln(before.Told, after.Told)})
		}, "package main\n\nimport shop \"shop/shop\"\n\nvar (\n\t_ func() *shop.Shop = shop.Open\n\t_ func(*shop.Shop) int = (*shop.Shop).Fee\n)\n")
	}
}

const calledCode = `package order

type Box[T any] struct{ n T; notes map[string]int; rest []int }

func (b *Box[T]) Set(n T) { b.n = n }
func (b *Box[T]) All(n ...T) { for _, one := range n { b.Set(one) } }
func New() *Box[int] { return &Box[int]{notes: map[string]int{"a": 1}, rest: []int{5}} }
func (b *Box[T]) Told() []any { return []any{Fact{b.notes, b.rest}} }
func Fee() int { return 1 }

type Fact struct{ Notes map[string]int; rest []int }

func (f Fact) Rest() []int { return f.rest }
`

const callingCode = `package shop

import ("shop/order"; "strings"; "text/template")

type sets interface{ Set(int) }
type Shop struct { box any; calls int }

func Open() *Shop { return &Shop{box: order.New()} }
func (s *Shop) OneByOne() {
	for i := range 3 {
		s.calls++
		s.box.(sets).Set(i + 1)
	}
}
func (s *Shop) AtOnce() { s.calls++; s.box.(interface{ All(...int) }).All(7, 8, 9) }
func (s *Shop) Fee() int { return order.Fee() }
func (s *Shop) Printed() string {
	var b strings.Builder
	template.Must(template.New("").Parse("{{.Told}}")).Execute(&b, s.box)
	return b.String()
}
func (s *Shop) Told() []any { return s.box.(*order.Box[int]).Told() }
`

func TestCallsFromOutsideAreTold(t *testing.T) {
	workspace(t, map[string]string{"order/order.go": calledCode, "shop/shop.go": callingCode})
	got := checktest.Result(t, "a child whose calls are told")
	if got.Verdict != labs.NotYet || got.Say != "told" {
		t.Fatalf("got %+v", got)
	}
	const calls = "3 1 101 [order.Box.Set at shop/shop.go:12 order.Box.All at shop/shop.go:15 order.Box.Told at shop/shop.go:19]\n"
	const told = "[order.Fact{Notes: [\"a\": 1], rest: [5]}] [order.Fact{Notes: [\"\": 0, \"a\": 0], rest: [0]}]\n"
	if got.Got+"\n" != calls && got.Got != calls {
		t.Errorf("got %s, want %s", got.Got, calls)
	}
	if got.Want+"\n" != told && got.Want != told {
		t.Errorf("got %s, want %s", got.Want, told)
	}
}
