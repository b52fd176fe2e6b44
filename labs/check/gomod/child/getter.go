package child

import "reflect"

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

// getter is the method of the part's name that a type has, or nil. The part
// remembers it: most values of a part are of one type.
func (t *table) getter(of reflect.Type, part *Shape) func(reflect.Value) reflect.Value {
	if part.of != of {
		part.of, part.get = of, t.findGetter(of, part.Name)
	}
	return part.get
}

func (t *table) findGetter(of reflect.Type, name string) func(reflect.Value) reflect.Value {
	for _, known := range t.names.Gets {
		if known.of == of && known.name == name {
			return known.call
		}
	}
	if of.Kind() == reflect.Interface {
		return nil
	}
	if method, ok := of.MethodByName(name); ok && reads(method.Type, 1) {
		return func(v reflect.Value) reflect.Value { return method.Func.Call([]reflect.Value{v})[0] }
	}
	return nil
}

// reads reports whether a function takes no more than so many values, and
// returns one.
func reads(function reflect.Type, in int) bool {
	return function.NumIn() == in && function.NumOut() > 0
}
