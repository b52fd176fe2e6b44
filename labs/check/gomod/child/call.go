package child

import (
	"fmt"
	"reflect"
)

// call calls a function, or a value's method.
func (t *table) call(a Ask) Answer {
	function := t.function(a.On, a.Name)
	results, err := returned(t.bind(function.Type(), a.Name, a.Args).to(function))
	answer := Answer{Err: err}
	if len(results) > 0 {
		answer.Value = t.result(results[0])
	}
	return answer
}

// returned splits what a function returned: an error that is the last result
// goes by its text.
func returned(results []reflect.Value) ([]reflect.Value, *string) {
	if last := len(results) - 1; last >= 0 && results[last].Type() == errorType {
		return results[:last], refusal(results[last])
	}
	return results, nil
}

var errorType = reflect.TypeFor[error]()

// refusal is an error's text; nothing where it is nil.
func refusal(v reflect.Value) *string {
	if v.IsNil() {
		return nil
	}
	text := limited(fmt.Sprint(v.Interface()))
	return &text
}

// bound are arguments that fit a function.
type bound struct {
	in     []reflect.Value
	spread bool
}

func (t *table) bind(of reflect.Type, name string, args []Arg) *bound {
	b := &bound{in: make([]reflect.Value, len(args))}
	for i, arg := range args {
		parameter, ok := parameter(of, i, arg.Spread)
		if !ok {
			panic(misfit(name + " takes fewer arguments"))
		}
		b.in[i], b.spread = t.argument(arg, parameter), arg.Spread
	}
	fixed := of.NumIn()
	if of.IsVariadic() && !b.spread {
		fixed--
	}
	if len(args) < fixed {
		panic(misfit(name + " takes more arguments"))
	}
	return b
}

func (b *bound) to(function reflect.Value) []reflect.Value {
	if b.spread {
		return function.CallSlice(b.in)
	}
	return function.Call(b.in)
}

// function is the function of that name, or the method of a value.
func (t *table) function(on int, name string) reflect.Value {
	if on == 0 {
		if function, ok := t.names.Values[name]; ok && function.Kind() == reflect.Func {
			return function
		}
		panic(misfit("there is no function " + name))
	}
	method := methodOf(t.value(on), name)
	if !method.IsValid() {
		panic(misfit(fmt.Sprintf("%s has no method %s", t.value(on).Type(), name)))
	}
	return method
}

// methodOf is the method of a value, or of the variable that holds it.
func methodOf(v reflect.Value, name string) reflect.Value {
	if method := v.MethodByName(name); method.IsValid() || !v.CanAddr() {
		return method
	}
	return v.Addr().MethodByName(name)
}

func parameter(of reflect.Type, i int, spread bool) (reflect.Type, bool) {
	last := of.NumIn() - 1
	switch {
	case of.IsVariadic() && i >= last && !spread:
		return of.In(last).Elem(), true
	case i > last:
		return nil, false
	}
	return of.In(i), true
}
