//go:build unix

package gomod

import (
	"strings"
	"testing"

	"cnalab/labs"
	"cnalab/labs/check"
	"cnalab/labs/check/checktest"
)

// counted is what the fuzzed value is read as.
type counted struct{ N int }

func init() {
	checktest.Subjects["a child that fuzzes"] = func(c *check.C) {
		m := Load(c)
		m.Instrument = []string{"order"}
		m.Ask(func(c *Child) {
			var texts []string
			for _, move := range Fuzz[counted](c, Fuzzing{
				Story: Story{First: Call{Name: "order.New"}}, Leave: []string{"Left", "New"}, Package: "order", After: []Call{{Name: "Left"}},
			}) {
				texts = append(texts, move.Text)
			}
			a, _ := c.Call("order.NewAmount", 1)
			b, _ := c.Call("order.NewAmount", 1)
			texts = append(texts, c.Calls().Names...)
			if a.Equal(b) {
				texts = append(texts, "equal")
			}
			c.NotYet(check.Finding{Say: "told", Output: strings.Join(texts, "\n")})
		}, "package main\n\nimport order \"shop/order\"\n\nvar (\n\t_ func() *order.Thing = order.New\n\t_ = order.NewAmount\n\t_ func(*order.Thing) int = (*order.Thing).N\n)\n")
	}
}

const fuzzedCode = `package order

type Thing struct {
	n    int
	rest []int
	more Amount
}

type Amount struct{ N int }

func New() *Thing { return &Thing{1, []int{1, 1}, Amount{300}} }

func NewAmount(n int) Amount { return Amount{n} }

func Reset(t *Thing) { t.n = 100 }

func (t *Thing) N() int {
	n := t.n + t.more.N
	for _, one := range t.rest {
		n += one
	}
	return n
}

func (t *Thing) Left()                      { t.n = -1 }
func (t *Thing) Wait()                      { select {} }
func (t *Thing) Panics()                    { panic("its own affair") }
func (t *Thing) Add(ns ...int)              { t.n += 10 * len(ns) }
func (t *Thing) Read(data []byte)           { t.n += 1000 * len(data) }
func (t *Thing) Rest() []int                { return t.rest }
func (t *Thing) ByName() map[string]*int    { return map[string]*int{"n": &t.n} }
func (t *Thing) Undo() func()               { return func() { t.n = 5000 } }
func (t *Thing) Each(do func(*Amount))      { do(&t.more) }
func (t *Thing) Set(name string, value any) { if _, ok := value.(string); ok { t.n = 7000 } }
`

func TestFuzzFindsWhatOthersCanDo(t *testing.T) {
	workspace(t, map[string]string{"order/order.go": fuzzedCode})
	got := checktest.Result(t, "a child that fuzzes")
	if got.Verdict != labs.NotYet || got.Say != "told" {
		t.Fatalf("got %+v", got)
	}
	for _, want := range []string{
		"o", "order.Reset(o)", "o.Add({-9})", "o.Read([]byte(`{}`))", "o.Rest()[0] = 0", "*o.ByName()[…] = 0", "o.Undo()()", "o.Each(func…)", `o.Set("tea", …)`,
		"order.New", "order.Thing.Add", "equal",
	} {
		if !strings.Contains("\n"+got.Output+"\n", "\n"+want+"\n") {
			t.Errorf("nothing tells of %s", want)
		}
	}
	if t.Failed() {
		t.Log(got.Output)
	}
}
