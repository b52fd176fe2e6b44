package child

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
)

// most is how many values of one type are tried, and how many lists of
// arguments for one function.
const (
	most          = 6
	mostArguments = 60
)

// fit is a value to hand over, and how it reads.
type fit struct {
	reflect.Value
	text string
}

// choices are some lists of arguments that fit the function; none where there is
// a parameter that nothing fits.
func (m *fuzzer) choices(of reflect.Type) [][]fit {
	lists := [][]fit{nil}
	for i := range of.NumIn() {
		fits := m.fits(of.In(i), 2)
		var longer [][]fit
		for _, list := range lists {
			for _, one := range fits {
				longer = append(longer, append(list[:len(list):len(list)], one))
			}
		}
		lists = longer[:min(len(longer), mostArguments)]
	}
	return lists
}

// fits are some values of the type: those that the check has handed over, else
// some of its kind.
func (m *fuzzer) fits(of reflect.Type, depth int) []fit {
	var all []fit
	anything := of.Kind() == reflect.Interface && of.NumMethod() == 0
	types := map[reflect.Type]bool{}
	for _, v := range m.pool {
		if v.Type().AssignableTo(of) && !(anything && types[v.Type()]) { // for anything one of each type
			types[v.Type()] = true
			all = append(all, fit{v, "…"})
		}
	}
	if depth > 0 && (len(all) == 0 || anything) {
		all = append(all, m.ofKind(of, depth-1)...)
	}
	return all[:min(len(all), 2*most)]
}

func (m *fuzzer) ofKind(of reflect.Type, depth int) []fit {
	switch of.Kind() {
	case reflect.Slice:
		return m.slices(of, depth)
	case reflect.Map:
		return append(m.maps(of, depth), fit{reflect.Zero(of), "nil"})
	case reflect.Pointer:
		var all []fit
		for _, one := range m.fits(of.Elem(), depth) {
			p := reflect.New(of.Elem())
			p.Elem().Set(one.Convert(of.Elem()))
			all = append(all, fit{p, "&" + one.text})
		}
		return all
	case reflect.Struct:
		return m.structs(of, depth)
	case reflect.Func:
		return []fit{{m.function(of), "func…"}}
	case reflect.Interface:
		return interfaces(of)
	}
	return plains(of)
}

// plains are values of a kind that JSON can hold: of numbers those around zero.
func plains(of reflect.Type) []fit {
	var values []any
	switch kind := of.Kind(); {
	case kind == reflect.String:
		values = []any{"tea", "", "pot", "placed"}
	case kind == reflect.Bool:
		values = []any{true, false}
	case kind >= reflect.Int && kind <= reflect.Int64 || kind == reflect.Float32 || kind == reflect.Float64:
		values = []any{-9, -1, 0, 1, 7}
	case kind >= reflect.Uint && kind <= reflect.Uint64:
		values = []any{0, 1, 7}
	}
	var all []fit
	for _, value := range values {
		all = append(all, fit{reflect.ValueOf(value).Convert(of), fmt.Sprintf("%#v", value)})
	}
	return all
}

// texts are what a method may read that takes bytes.
var texts = []string{
	`{"status":"placed"}`, `{"lines":[]}`, `{"id":"o-1","status":"placed","lines":[],"total":0}`,
	`{"id":"o-1","status":"placed","lines":[{"productId":"tea","quantity":-1,"price":1}]}`, `{}`, `placed`, ``,
}

func (m *fuzzer) slices(of reflect.Type, depth int) []fit {
	if of.Elem().Kind() == reflect.Uint8 {
		var all []fit
		for _, text := range texts {
			all = append(all, fit{reflect.ValueOf([]byte(text)).Convert(of), "[]byte(`" + text + "`)"})
		}
		return all
	}
	all := []fit{{reflect.Zero(of), "nil"}}
	for _, one := range m.fits(of.Elem(), depth) {
		element := one.Convert(of.Elem())
		all = append(all, fit{reflect.Append(reflect.MakeSlice(of, 0, 1), element), "{" + one.text + "}"},
			fit{reflect.Append(reflect.MakeSlice(of, 0, 2), element, element), "{" + one.text + ", " + one.text + "}"})
	}
	return all
}

func (m *fuzzer) maps(of reflect.Type, depth int) (all []fit) {
	for _, key := range m.fits(of.Key(), depth) {
		for _, value := range m.fits(of.Elem(), depth) {
			one := reflect.MakeMap(of)
			one.SetMapIndex(key.Convert(of.Key()), value.Convert(of.Elem()))
			all = append(all, fit{one, "{" + key.text + ": " + value.text + "}"})
		}
	}
	return all
}

// structs are the zero value, and some with all fields set that others can set.
func (m *fuzzer) structs(of reflect.Type, depth int) []fit {
	all := []fit{{reflect.Zero(of), of.String() + "{}"}}
	for nth := range most {
		one, text, set := reflect.New(of).Elem(), []string{}, false
		for _, field := range reflect.VisibleFields(of) {
			if !field.IsExported() || len(field.Index) > 1 {
				continue
			}
			if fits := m.fits(field.Type, depth); len(fits) > 0 {
				chosen := fits[nth%len(fits)]
				one.FieldByIndex(field.Index).Set(chosen.Convert(field.Type))
				text, set = append(text, field.Name+": "+chosen.text), true
			}
		}
		if set {
			all = append(all, fit{one, of.String() + "{" + strings.Join(text, ", ") + "}"})
		}
	}
	return all
}

// interfaces are some that many functions ask for.
func interfaces(of reflect.Type) (all []fit) {
	for _, value := range []any{"placed", context.Background(), new(strings.Builder), json.Number("0"), strings.NewReader(texts[0])} {
		if reflect.TypeOf(value).AssignableTo(of) {
			all = append(all, fit{reflect.ValueOf(value), "…"})
		}
	}
	return append(all, fit{reflect.Zero(of), "nil"})
}

// function is one that changes all that it is given by a pointer.
func (m *fuzzer) function(of reflect.Type) reflect.Value {
	return reflect.MakeFunc(of, func(args []reflect.Value) (results []reflect.Value) {
		for _, arg := range args {
			if arg.Kind() == reflect.Pointer && !arg.IsNil() && arg.Type() != m.root {
				if fits := m.fits(arg.Type().Elem(), 1); len(fits) > 0 {
					arg.Elem().Set(fits[0].Convert(arg.Type().Elem()))
				}
			}
			if arg.Kind() == reflect.Slice && arg.Len() > 0 {
				if fits := m.fits(arg.Type().Elem(), 1); len(fits) > 0 {
					arg.Index(0).Set(fits[len(fits)-1].Convert(arg.Type().Elem()))
				}
			}
		}
		for result := range of.Outs() {
			results = append(results, reflect.Zero(result))
			if fits := m.fits(result, 1); len(fits) > 0 && result.Kind() != reflect.Interface {
				results[len(results)-1] = fits[0].Convert(result)
			}
		}
		return results
	})
}
