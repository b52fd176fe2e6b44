package child

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
)

// table holds the values that the check knows by their numbers.
type table struct {
	names  Names
	known  map[reflect.Type]string
	values []reflect.Value
	told   [][]Moment // by the stories that are asked for now
}

func newTable(names Names) *table {
	t := &table{names: names, known: map[reflect.Type]string{}, values: make([]reflect.Value, 1)}
	for name, of := range names.Types {
		t.known[of] = name
	}
	return t
}

// keep gives a value a number. What is kept is a variable of its own, as after
// v := f() in Go.
func (t *table) keep(v reflect.Value) int {
	variable := reflect.New(v.Type()).Elem()
	variable.Set(v)
	t.values = append(t.values, variable)
	return len(t.values) - 1
}

func (t *table) value(on int) reflect.Value {
	if on <= 0 || on >= len(t.values) {
		panic(misfit(fmt.Sprintf("there is no value %d", on)))
	}
	return t.values[on]
}

// inside is what an interface holds; another value is itself.
func inside(v reflect.Value) reflect.Value {
	if v.Kind() == reflect.Interface && !v.IsNil() {
		return v.Elem()
	}
	return v
}

func (t *table) typeOf(name string) reflect.Type {
	of, ok := t.names.Types[name]
	if !ok {
		panic(misfit("there is no type " + name))
	}
	return of
}

// typeName is how the check calls a type.
func (t *table) typeName(of reflect.Type) string {
	if name, ok := t.known[of]; ok {
		return name
	}
	if of.Kind() == reflect.Pointer && of.Name() == "" {
		return "*" + t.typeName(of.Elem())
	}
	return of.String()
}

// result is what to tell of a value.
func (t *table) result(v reflect.Value) *Result {
	v = inside(v)
	if isPlain(v.Kind()) {
		return &Result{Plain: appendPlain(nil, v), Type: t.typeName(v.Type())}
	}
	r := &Result{Type: t.typeName(v.Type()), On: t.keep(v)}
	switch v.Kind() {
	case reflect.Slice:
		r.Nil, r.Len = v.IsNil(), v.Len()
	case reflect.Pointer, reflect.Interface, reflect.Map, reflect.Func, reflect.Chan:
		r.Nil = v.IsNil()
	}
	return r
}

// argument is a value of that type.
func (t *table) argument(a Arg, of reflect.Type) reflect.Value {
	if a.On != 0 {
		return fitted(t.value(a.On), of)
	}
	variable := reflect.New(basic(of))
	decoder := json.NewDecoder(bytes.NewReader(a.Plain))
	if err := decoder.Decode(variable.Interface()); err != nil {
		panic(misfit(fmt.Sprintf("%s is no %s", a.Plain, of)))
	}
	return fitted(variable.Elem(), of)
}

func fitted(v reflect.Value, of reflect.Type) reflect.Value {
	for _, v := range []reflect.Value{v, inside(v)} {
		if v.Type().AssignableTo(of) {
			return v
		}
		if v.Kind() == of.Kind() && v.CanConvert(of) {
			return v.Convert(of)
		}
	}
	panic(misfit(fmt.Sprintf("a %s is no %s", v.Type(), of)))
}

// basics are the unnamed types: a named one may read JSON in a way of its own.
var basics = map[reflect.Kind]reflect.Type{
	reflect.Bool: reflect.TypeFor[bool](), reflect.String: reflect.TypeFor[string](),
	reflect.Int: reflect.TypeFor[int](), reflect.Int8: reflect.TypeFor[int8](), reflect.Int16: reflect.TypeFor[int16](),
	reflect.Int32: reflect.TypeFor[int32](), reflect.Int64: reflect.TypeFor[int64](), reflect.Uint: reflect.TypeFor[uint](),
	reflect.Uint8: reflect.TypeFor[uint8](), reflect.Uint16: reflect.TypeFor[uint16](), reflect.Uint32: reflect.TypeFor[uint32](),
	reflect.Uint64: reflect.TypeFor[uint64](), reflect.Float32: reflect.TypeFor[float32](), reflect.Float64: reflect.TypeFor[float64](),
}

func basic(of reflect.Type) reflect.Type {
	if basic, ok := basics[of.Kind()]; ok {
		return basic
	}
	return of
}
