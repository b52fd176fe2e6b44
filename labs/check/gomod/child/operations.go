package child

import (
	"fmt"
	"reflect"
)

// operations are what a check may ask for.
var operations = map[string]func(*table, Ask) Answer{
	"call":    (*table).call,
	"field":   (*table).field,
	"make":    (*table).makeStruct,
	"list":    (*table).makeList,
	"zero":    func(t *table, a Ask) Answer { return Answer{Value: t.result(reflect.New(t.typeOf(a.Name)).Elem())} },
	"name":    (*table).named,
	"at":      func(t *table, a Ask) Answer { return Answer{Value: t.result(t.element(a))} },
	"set":     (*table).set,
	"append":  (*table).appendAt,
	"read":    func(t *table, a Ask) Answer { return Answer{Read: t.read(t.value(a.On), a.Shape)} },
	"methods": (*table).methods,
	"fields":  (*table).fields,
}

func (t *table) do(a Ask) Answer {
	if a.Do == "stories" { // it makes calls itself
		return t.stories(a)
	}
	operation, ok := operations[a.Do]
	if !ok {
		panic(misfit("there is no operation " + a.Do))
	}
	return operation(t, a)
}

// call calls a function, or a value's method.
func (t *table) call(a Ask) Answer {
	results := t.results(a.On, a.Name, a.Args)
	var answer Answer
	if last := len(results) - 1; last >= 0 && results[last].Type() == errorType {
		answer.Err, results = refusal(results[last]), results[:last]
	}
	if len(results) > 0 {
		answer.Value = t.result(results[0])
	}
	return answer
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

func (t *table) results(on int, name string, args []Arg) []reflect.Value {
	function := t.function(on, name)
	of := function.Type()
	in := make([]reflect.Value, len(args))
	spread := false
	for i, arg := range args {
		parameter, ok := parameter(of, i, arg.Spread)
		if !ok {
			panic(misfit(name + " takes fewer arguments"))
		}
		in[i], spread = t.argument(arg, parameter), arg.Spread
	}
	fixed := of.NumIn()
	if of.IsVariadic() && !spread {
		fixed--
	}
	if len(in) < fixed {
		panic(misfit(name + " takes more arguments"))
	}
	if spread {
		return function.CallSlice(in)
	}
	return function.Call(in)
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

// named is what a variable or constant holds.
func (t *table) named(a Ask) Answer {
	v, ok := t.names.Values[a.Name]
	if !ok {
		panic(misfit("there is no " + a.Name))
	}
	return Answer{Value: &Result{On: t.keep(v), Type: t.typeName(v.Type())}}
}

func (t *table) field(a Ask) Answer {
	v := fieldOf(t.value(a.On), a.Name)
	if !v.IsValid() {
		panic(misfit(fmt.Sprintf("%s has no field %s", t.value(a.On).Type(), a.Name)))
	}
	return Answer{Value: t.result(v)}
}

// fieldOf is the field of a struct, or of one that is pointed to.
func fieldOf(v reflect.Value, name string) reflect.Value {
	if v = inside(v); v.Kind() == reflect.Pointer && !v.IsNil() {
		v = v.Elem()
	}
	if v.Kind() != reflect.Struct {
		return reflect.Value{}
	}
	field := v.FieldByName(name)
	if !field.IsValid() || !field.CanInterface() {
		return reflect.Value{}
	}
	return field
}

func (t *table) makeStruct(a Ask) Answer {
	v := reflect.New(t.typeOf(a.Name)).Elem()
	for name, arg := range a.Fields {
		field := fieldOf(v, name)
		if !field.IsValid() {
			panic(misfit(a.Name + " has no field " + name))
		}
		field.Set(t.argument(arg, field.Type()))
	}
	return Answer{Value: &Result{On: t.keep(v), Type: a.Name}}
}

func (t *table) makeList(a Ask) Answer {
	of := t.typeOf(a.Name)
	list := reflect.MakeSlice(reflect.SliceOf(of), 0, len(a.Args))
	for _, arg := range a.Args {
		list = reflect.Append(list, t.argument(arg, of))
	}
	if len(a.Args) == 0 {
		list = reflect.Zero(list.Type())
	}
	return Answer{Value: t.result(list)}
}

// element is an element of a slice.
func (t *table) element(a Ask) reflect.Value {
	list := t.value(a.On)
	if list.Kind() != reflect.Slice || a.At < 0 || a.At >= list.Len() {
		panic(misfit(fmt.Sprintf("a %s has no element %d", list.Type(), a.At)))
	}
	return list.Index(a.At)
}

func (t *table) set(a Ask) Answer {
	element := t.element(a)
	for _, arg := range a.Args {
		element.Set(t.argument(arg, element.Type()))
	}
	return Answer{}
}

// appendAt appends behind the first elements of a slice, within its capacity
// where it has some.
func (t *table) appendAt(a Ask) Answer {
	list := t.value(a.On)
	if list.Kind() != reflect.Slice || a.At > list.Len() {
		panic(misfit(fmt.Sprintf("a %s has no %d elements", list.Type(), a.At)))
	}
	list = list.Slice(0, a.At)
	for _, arg := range a.Args {
		list = reflect.Append(list, t.argument(arg, list.Type().Elem()))
	}
	return Answer{Value: t.result(list)}
}
