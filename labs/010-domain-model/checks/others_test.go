//go:build lab

package checks

import (
	"fmt"
	"slices"
	"strings"

	"cnalab/labs/check"
	"cnalab/labs/check/gomod"
)

// asked are the methods that the step names; the others are the learner's own.
var asked = []string{"Add", "Remove", "Ship", "Cancel", "ID", "Status", "Lines", "Total"}

// others calls every other method that an order has, with some arguments that
// fit, and see after each. What a method does with odd arguments is its own
// affair, a panic included: only the order counts.
func others(c *gomod.Child, o gomod.Value, see func(call string)) {
	for _, method := range o.Methods() {
		if slices.Contains(asked, method.Name) || method.Variadic {
			continue
		}
		for _, arguments := range choices(c, method.In) {
			o.Try(method.Name, values(arguments)...)
			see(method.Name + "(" + words(arguments) + ")")
		}
	}
}

// argument is a value to call with, and how it reads.
type argument struct {
	value any
	text  string
}

// choices are some lists of arguments for parameters of those types; none where
// there is one that is not known here.
func choices(c *gomod.Child, parameters []gomod.Type) [][]argument {
	lists := [][]argument{nil}
	for _, of := range parameters {
		var longer [][]argument
		fitting := fitting(c, of)
		for _, list := range lists {
			for _, one := range fitting {
				longer = append(longer, append(slices.Clone(list), one))
			}
		}
		lists = longer[:min(len(longer), 200)]
	}
	return lists
}

// fitting are some values of a type.
func fitting(c *gomod.Child, of gomod.Type) []argument {
	switch of.Name {
	case "order.Status":
		return described(c.Get("order.Placed"), c.Get("order.Shipped"), c.Get("order.Cancelled"))
	case "order.Money":
		free, _ := c.Call("order.NewMoney", 0, "EUR")
		return described(free)
	case "[]order.OrderLine":
		return described(c.List("order.OrderLine"))
	case "func(string) string":
		return []argument{{c.Get("strings.ToUpper"), "…"}}
	}
	var all []argument
	for _, value := range plain(of.Kind) {
		all = append(all, argument{value, fmt.Sprintf("%#v", value)})
	}
	return all
}

func described(values ...gomod.Value) []argument {
	var all []argument
	for _, value := range values {
		all = append(all, argument{value, value.Word().Go})
	}
	return all
}

func plain(kind string) []any {
	switch kind {
	case "string":
		return []any{"tea", "cup", "placed", ""}
	case "int", "int64", "int32", "float64":
		return []any{-1, 0, 7}
	case "bool":
		return []any{true, false}
	}
	return nil
}

func values(arguments []argument) []any {
	var all []any
	for _, a := range arguments {
		all = append(all, a.value)
	}
	return all
}

func words(arguments []argument) string {
	var all []string
	for _, a := range arguments {
		all = append(all, a.text)
	}
	return strings.Join(all, ", ")
}

// unsound says which rule of the story does not hold of the order.
func unsound(o seen) string {
	var sum int64
	on := map[string]bool{}
	for _, l := range o.Lines {
		if on[l.Item.ProductID] || l.Quantity < 1 {
			return "a product is on two lines, or on a line for fewer than one"
		}
		on[l.Item.ProductID] = true
		sum += l.Item.Price.Cents * int64(l.Quantity)
	}
	if len(on) == 0 {
		return "it has no line"
	}
	if o.Total.Cents != sum {
		return "its total is not the sum of its lines"
	}
	return ""
}

// keepsRulesOfItsOwn holds what the learner's own methods do against the rules.
func keepsRulesOfItsOwn(c *gomod.Child) {
	fresh := func() gomod.Value {
		return place(c, "o-1", newLine(c, "tea", 2, 435, "EUR"), newLine(c, "cup", 1, 1200, "EUR"))
	}
	o, placed := fresh(), c.Get("order.Placed").Word()
	others(c, o, func(call string) {
		now := state(o)
		if rule := unsound(now); rule != "" {
			c.NotYet(check.Finding{
				Say: "A method of your own breaks a rule: after " + call + ", " + rule + ".", Got: now, Want: "an order that keeps every rule",
				Next: "Let it ask the rules that Add and Remove ask, or write its name small.",
			})
		}
		if now.Status != placed { // it may have ended it, as Ship does
			o = fresh()
		}
	})
}
