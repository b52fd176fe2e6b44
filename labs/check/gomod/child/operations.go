package child

import (
	"fmt"
	"reflect"
)

// operations are what a check may ask for.
var operations = map[string]func(*table, Ask) Answer{
	"call":     (*table).call,
	"field":    (*table).field,
	"make":     (*table).makeStruct,
	"list":     (*table).makeList,
	"zero":     func(t *table, a Ask) Answer { return Answer{Value: t.result(reflect.New(t.typeOf(a.Name)).Elem())} },
	"name":     (*table).named,
	"at":       func(t *table, a Ask) Answer { return Answer{Value: t.result(t.element(a))} },
	"set":      (*table).set,
	"append":   (*table).appendAt,
	"read":     func(t *table, a Ask) Answer { return Answer{Read: t.encoded(a.On, a.Shape)} },
	"methods":  (*table).methods,
	"fields":   (*table).fields,
	"stories":  (*table).stories,
	"fuzz":     (*table).fuzz,
	"equal":    (*table).equal,
	"called":   func(*table, Ask) Answer { return called() },
	"watch":    (*table).watch,
	"scribble": (*table).scribbled,
}

func (t *table) do(a Ask) Answer {
	operation, ok := operations[a.Do]
	if !ok {
		panic(misfit("there is no operation " + a.Do))
	}
	return operation(t, a)
}

// equal tells whether two values are the same by ==.
func (t *table) equal(a Ask) Answer {
	v, w := t.value(a.On), t.value(a.At)
	same := v.Type() == w.Type() && v.Comparable() && w.Comparable() && v.Equal(w)
	return Answer{Value: &Result{Plain: appendPlain(nil, reflect.ValueOf(same))}}
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
	v := inside(t.value(a.On))
	field, ok := fieldOf(v.Type(), a.Name)
	if !ok {
		panic(misfit(fmt.Sprintf("%s has no field %s", v.Type(), a.Name)))
	}
	return Answer{Value: t.result(reflect.Indirect(v).FieldByIndex(field.Index))}
}

func (t *table) makeStruct(a Ask) Answer {
	v := reflect.New(t.typeOf(a.Name)).Elem()
	for name, arg := range a.Fields {
		field, ok := fieldOf(v.Type(), name)
		if !ok {
			panic(misfit(a.Name + " has no field " + name))
		}
		v.FieldByIndex(field.Index).Set(t.argument(arg, field.Type))
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
