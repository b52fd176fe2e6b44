package child

import (
	"reflect"
	"slices"
	"strings"
)

// steps are what others can do with the value.
func (m *fuzzer) steps(v reflect.Value, root bool) []step {
	v = inside(v)
	if !v.IsValid() {
		return nil
	}
	all := m.methodSteps(v)
	if root {
		for _, name := range m.Fuzzing.Functions {
			function := m.table.function(0, name)
			all = append(all, m.calls(name, function.Type(), func(reflect.Value) reflect.Value { return function })...)
		}
		return all
	}
	switch v.Kind() {
	case reflect.Slice:
		return append(all, m.sliceSteps(v)...)
	case reflect.Map:
		return append(all, m.mapSteps(v)...)
	case reflect.Pointer:
		return append(all, m.pointerSteps(v)...)
	case reflect.Struct:
		return append(all, fieldSteps(v)...)
	case reflect.Func:
		if !v.IsNil() {
			all = append(all, m.calls("%s", v.Type(), inside)...)
		}
	}
	return all
}

// own reports whether a type is of the learner's.
func own(of reflect.Type) bool {
	if of.Kind() == reflect.Pointer {
		of = of.Elem()
	}
	return strings.HasPrefix(of.PkgPath(), "shop/")
}

func (m *fuzzer) methodSteps(v reflect.Value) (all []step) {
	of := v.Type()
	if of.Kind() != reflect.Pointer && of.Kind() != reflect.Interface {
		of = reflect.PointerTo(of)
	}
	if !own(of) || v.Kind() == reflect.Pointer && v.IsNil() {
		return nil
	}
	for method := range of.Methods() {
		if v.Type() == m.root && slices.Contains(m.Fuzzing.Leave, method.Name) {
			continue
		}
		bound := func(v reflect.Value) reflect.Value { return methodOf(addressed(inside(v)), method.Name) }
		all = append(all, m.calls("%s."+method.Name, bound(v).Type(), bound)...)
	}
	return all
}

// addressed is a variable that holds the value, where it is in none.
func addressed(v reflect.Value) reflect.Value {
	if v.CanAddr() {
		return v
	}
	variable := reflect.New(v.Type()).Elem()
	variable.Set(v)
	return variable
}

// calls are calls of a function with the arguments that fit.
func (m *fuzzer) calls(text string, of reflect.Type, function func(reflect.Value) reflect.Value) (all []step) {
	self := of.NumIn() > 0 && !of.IsVariadic() && m.last.Type().AssignableTo(of.In(0)) && of.In(0).Kind() != reflect.Interface
	known := map[string]bool{}
	for _, list := range m.choices(of) {
		if self { // a function of the value itself
			list[0] = fit{m.last, "o"}
		}
		var words []string
		for _, one := range list {
			words = append(words, one.text)
		}
		called := text + "(" + strings.Join(words, ", ") + ")"
		if self && known[called] {
			continue
		}
		known[called] = true
		all = append(all, step{of: text, text: called, do: func(v reflect.Value) []reflect.Value {
			in := make([]reflect.Value, len(list))
			for i, one := range list {
				in[i] = one.Convert(of.In(i))
			}
			if self {
				in[0] = m.last
			}
			if of.IsVariadic() {
				return function(v).CallSlice(in)
			}
			return function(v).Call(in)
		}})
	}
	return all
}
