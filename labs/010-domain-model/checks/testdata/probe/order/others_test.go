package probe

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	order "shop/order"
)

// asked are the methods that the step names; the others are the learner's own.
var asked = []string{"Add", "Remove", "Ship", "Cancel", "ID", "Status", "Lines", "Total"}

// others calls every other method that an order has, with some arguments that
// fit, and see after each. What a method does with odd arguments is its own
// affair, a panic included: only the order counts.
func others(o *order.Order, see func(call string)) {
	value := reflect.ValueOf(o)
	for i := range value.NumMethod() {
		name, method := value.Type().Method(i).Name, value.Method(i)
		if slices.Contains(asked, name) || method.Type().IsVariadic() {
			continue
		}
		for _, arguments := range choices(method.Type()) {
			func() {
				defer func() { _ = recover() }()
				method.Call(arguments)
			}()
			see(name + "(" + words(arguments) + ")")
		}
	}
}

// choices are some lists of arguments for a function of that type; none where
// it takes something that is not known here.
func choices(function reflect.Type) [][]reflect.Value {
	lists := [][]reflect.Value{nil}
	for i := range function.NumIn() {
		var longer [][]reflect.Value
		for _, list := range lists {
			for _, argument := range fitting(function.In(i)) {
				longer = append(longer, append(slices.Clone(list), argument))
			}
		}
		lists = longer[:min(len(longer), 200)]
	}
	return lists
}

// fitting are some values of a type.
func fitting(of reflect.Type) []reflect.Value {
	var values []any
	switch of {
	case reflect.TypeFor[order.Status]():
		values = []any{order.Placed, order.Shipped, order.Cancelled}
	case reflect.TypeFor[order.Money]():
		free, _ := order.NewMoney(0, "EUR")
		values = []any{free}
	case reflect.TypeFor[[]order.OrderLine]():
		values = []any{[]order.OrderLine(nil)}
	case reflect.TypeFor[func(string) string]():
		values = []any{strings.ToUpper}
	default:
		values = plain(of.Kind())
	}
	var fit []reflect.Value
	for _, value := range values {
		fit = append(fit, reflect.ValueOf(value).Convert(of))
	}
	return fit
}

func plain(kind reflect.Kind) []any {
	switch kind {
	case reflect.String:
		return []any{"tea", "cup", "placed", ""}
	case reflect.Int, reflect.Int64, reflect.Int32, reflect.Float64:
		return []any{-1, 0, 7}
	case reflect.Bool:
		return []any{true, false}
	}
	return nil
}

func words(arguments []reflect.Value) string {
	var all []string
	for _, argument := range arguments {
		if argument.Kind() == reflect.Func {
			all = append(all, "…")
			continue
		}
		all = append(all, fmt.Sprintf("%#v", argument.Interface()))
	}
	return strings.Join(all, ", ")
}

// unsound says which rule of the story does not hold of the order.
func unsound(o *order.Order) string {
	var sum int64
	seen := map[string]bool{}
	for _, l := range o.Lines() {
		id := l.Item().ProductID
		if seen[id] || l.Quantity() < 1 {
			return "a product is on two lines, or on a line for fewer than one"
		}
		seen[id] = true
		sum += l.Item().Price.Cents() * int64(l.Quantity())
	}
	if len(seen) == 0 {
		return "it has no line"
	}
	if o.Total().Cents() != sum {
		return "its total is not the sum of its lines"
	}
	return ""
}

// testOthers holds what the learner's own methods do against the rules.
func testOthers(t *testing.T) {
	o := place(t, "o-1", line(t, "tea", 2, 435, "EUR"), line(t, "cup", 1, 1200, "EUR"))
	others(o, func(call string) {
		if rule := unsound(o); rule != "" {
			notYet(t, finding{
				Say: "A method of your own breaks a rule: after " + call + ", " + rule + ".", Got: state(o), Want: "an order that keeps every rule",
				Next: "Let it ask the rules that Add and Remove ask, or write its name small.",
			})
		}
		if o.Status() != order.Placed { // it may have ended it, as Ship does
			o = place(t, "o-1", line(t, "tea", 2, 435, "EUR"), line(t, "cup", 1, 1200, "EUR"))
		}
	})
}

// testFields looks for fields that others can set, also those of a struct
// that is embedded.
func testFields(t *testing.T) {
	of := reflect.TypeFor[order.Order]()
	if of.Kind() != reflect.Struct {
		return
	}
	for _, field := range reflect.VisibleFields(of) {
		if field.IsExported() && !field.Anonymous {
			notYet(t, finding{
				Say: "Everybody can set the field " + field.Name + " of an order without asking it.", Got: "a field that others see",
				Want: "a field that starts with a small letter", Next: "Write it small, and give others a method that reads it.",
			})
		}
	}
}
