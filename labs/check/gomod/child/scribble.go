package child

import "reflect"

// deepestReturned is how far scribble follows what a method returns.
const deepestReturned = 3

// scribble overwrites all that others can reach from the value, also by its
// methods, but for what is behind a pointer to a struct of which they see nothing.
func scribble(v reflect.Value, depth int) {
	if v = inside(v); !v.IsValid() || depth == 0 {
		return
	}
	scribbleReturned(v, depth)
	switch v.Kind() {
	case reflect.Slice:
		for i := range v.Len() {
			scribble(v.Index(i), depth-1)
			v.Index(i).SetZero()
		}
	case reflect.Map:
		if v.IsNil() {
			return
		}
		for key, value := range v.Seq2() {
			scribble(value, depth-1)
			v.SetMapIndex(key, reflect.Zero(v.Type().Elem()))
		}
		v.SetMapIndex(reflect.Zero(v.Type().Key()), reflect.Zero(v.Type().Elem()))
	case reflect.Pointer:
		scribblePointed(v, depth)
	case reflect.Func:
		scribbleCalled(v, min(depth-1, deepestReturned))
	case reflect.Struct:
		for i := range v.NumField() {
			if field := v.Field(i); v.Type().Field(i).IsExported() {
				scribble(field, depth-1)
				if field.CanSet() {
					field.SetZero()
				}
			}
		}
	}
}

func scribblePointed(v reflect.Value, depth int) {
	if v.IsNil() {
		return
	}
	scribble(v.Elem(), depth-1)
	if v.Elem().Kind() != reflect.Struct {
		v.Elem().SetZero()
	}
}

// scribbleReturned overwrites what the value's methods lend, as far as they can be
// called without knowing more: those that take nothing, or functions. What a
// pointer points to may be changed by its methods, which is their right.
func scribbleReturned(v reflect.Value, depth int) {
	if !own(v.Type()) || v.Kind() == reflect.Pointer {
		return
	}
	on := addressed(v).Addr()
	for i := range on.NumMethod() {
		scribbleCalled(on.Method(i), min(depth-1, deepestReturned))
	}
}

// scribbleCalled overwrites what a function returns, and what it hands over to a
// function that it takes. A panic is the learner's own affair.
func scribbleCalled(function reflect.Value, depth int) {
	of := function.Type()
	if depth <= 0 || of.IsVariadic() || function.IsNil() {
		return
	}
	var in []reflect.Value
	for parameter := range of.Ins() {
		if parameter.Kind() != reflect.Func {
			return
		}
		in = append(in, scribbler(parameter, depth-1))
	}
	defer func() { _ = recover() }()
	for _, result := range function.Call(in) {
		scribble(result, depth)
	}
}

// mostYielded is how many values scribble takes of an iterator.
const mostYielded = 100

// scribbler is a function that overwrites what it is given, and wants more.
func scribbler(of reflect.Type, depth int) reflect.Value {
	called := 0
	return reflect.MakeFunc(of, func(args []reflect.Value) (results []reflect.Value) {
		called++
		for _, arg := range args {
			scribble(arg, depth)
			if arg.Kind() == reflect.Pointer && !arg.IsNil() && arg.Type().Elem().Kind() == reflect.Struct {
				arg.Elem().SetZero()
			}
		}
		for result := range of.Outs() {
			zero := reflect.New(result).Elem()
			if zero.Kind() == reflect.Bool {
				zero.SetBool(called < mostYielded)
			}
			results = append(results, zero)
		}
		return results
	})
}

// scribbled overwrites what a reader was given.
func (t *table) scribbled(a Ask) Answer {
	scribble(t.value(a.On), 8)
	return Answer{}
}
