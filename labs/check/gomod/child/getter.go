package child

import (
	"fmt"
	"reflect"
)

// Getter is a method that reads a value, with its type: to call it so takes a
// fifth of what reflection takes, and most of what a check does is read.
type Getter struct {
	of   reflect.Type
	name string
	call func(reflect.Value) reflect.Value
}

// Get is the method of that name, as in Get("Total", (*order.Order).Total).
func Get[T, R any](name string, method func(T) R) Getter {
	return Getter{reflect.TypeFor[T](), name, func(v reflect.Value) reflect.Value {
		var result R
		if v.CanAddr() {
			result = method(*v.Addr().Interface().(*T))
		} else {
			result = method(v.Interface().(T))
		}
		return reflect.ValueOf(&result).Elem()
	}}
}

// member is what the part's name leads to: what a method of the value returns,
// or a field. The part remembers the way: most values of a part are of one type.
func (t *table) member(v reflect.Value, part *Shape) reflect.Value {
	v = inside(v)
	if part.of != v.Type() {
		part.of, part.get = v.Type(), t.getter(v.Type(), part.Name)
	}
	if part.get == nil {
		panic(misfit(fmt.Sprintf("%s has no %s", v.Type(), part.Name)))
	}
	return part.get(v)
}

func (t *table) getter(of reflect.Type, name string) func(reflect.Value) reflect.Value {
	for _, known := range t.names.Gets {
		if known.of == of && known.name == name {
			return known.call
		}
	}
	if of.Kind() == reflect.Interface { // it holds nothing
		return nil
	}
	if method, ok := of.MethodByName(name); ok && reads(method.Type, 1) {
		return func(v reflect.Value) reflect.Value { return method.Func.Call([]reflect.Value{v})[0] }
	}
	if field, ok := fieldOf(of, name); ok {
		return func(v reflect.Value) reflect.Value { return reflect.Indirect(v).FieldByIndex(field.Index) }
	}
	if method, ok := reflect.PointerTo(of).MethodByName(name); ok && reads(method.Type, 1) {
		return func(v reflect.Value) reflect.Value { return method.Func.Call([]reflect.Value{v.Addr()})[0] }
	}
	return nil
}

// fieldOf is the field that others see of a struct, or of one that is pointed to.
func fieldOf(of reflect.Type, name string) (reflect.StructField, bool) {
	if of.Kind() == reflect.Pointer {
		of = of.Elem()
	}
	if of.Kind() != reflect.Struct {
		return reflect.StructField{}, false
	}
	field, ok := of.FieldByName(name)
	return field, ok && field.IsExported()
}

// reads reports whether a function takes no more than so many values, and
// returns one.
func reads(function reflect.Type, in int) bool {
	return function.NumIn() == in && function.NumOut() > 0
}
