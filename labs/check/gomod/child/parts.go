package child

import (
	"fmt"
	"reflect"
)

func (m *fuzzer) sliceSteps(v reflect.Value) (all []step) {
	element := v.Type().Elem()
	for i := range min(v.Len(), 2) {
		all = append(all, step{text: fmt.Sprintf("%%s[%d]", i), do: func(v reflect.Value) []reflect.Value {
			return []reflect.Value{inside(v).Index(i)}
		}})
	}
	for _, one := range m.fits(element, 1) {
		all = append(all, step{text: "%s[0] = " + one.text, do: func(v reflect.Value) []reflect.Value {
			inside(v).Index(0).Set(one.Convert(element))
			return nil
		}}, step{text: "append(%s[:0], " + one.text + ")", do: func(v reflect.Value) []reflect.Value {
			reflect.Append(inside(v).Slice(0, 0), one.Convert(element))
			return nil
		}})
	}
	return all
}

func (m *fuzzer) mapSteps(v reflect.Value) []step {
	all := []step{{text: "clear(%s)", do: func(v reflect.Value) []reflect.Value { inside(v).Clear(); return nil }}}
	all = append(all, step{text: "%s[…]", do: func(v reflect.Value) (values []reflect.Value) {
		for _, value := range inside(v).Seq2() {
			values = append(values, value)
		}
		return values
	}})
	element := v.Type().Elem()
	for _, one := range m.fits(element, 1) {
		all = append(all, step{text: "%s[…] = " + one.text, do: func(v reflect.Value) []reflect.Value {
			for _, key := range inside(v).MapKeys() {
				inside(v).SetMapIndex(key, one.Convert(element))
			}
			return nil
		}})
	}
	return all
}

// pointerSteps write where the pointer points, or lead there. The value itself
// can be overwritten by whoever holds it: Go has nothing against that.
func (m *fuzzer) pointerSteps(v reflect.Value) (all []step) {
	of := v.Type().Elem()
	if v.IsNil() || v.Type() == m.root || of.Kind() == reflect.Struct && !own(of) {
		return nil
	}
	for _, one := range m.fits(of, 1) {
		all = append(all, step{text: "*%s = " + one.text, do: func(v reflect.Value) []reflect.Value {
			inside(v).Elem().Set(one.Convert(of))
			return nil
		}})
	}
	if of.Kind() != reflect.Struct {
		return all
	}
	all = append(all, fieldSteps(v.Elem())...)
	for _, field := range reflect.VisibleFields(of) {
		if !field.IsExported() || len(field.Index) > 1 {
			continue
		}
		for _, one := range m.fits(field.Type, 1) {
			all = append(all, step{text: "%s." + field.Name + " = " + one.text, do: func(v reflect.Value) []reflect.Value {
				inside(v).Elem().FieldByIndex(field.Index).Set(one.Convert(field.Type))
				return nil
			}})
		}
	}
	return all
}

// fieldSteps lead to a struct's fields.
func fieldSteps(v reflect.Value) (all []step) {
	for _, field := range reflect.VisibleFields(v.Type()) {
		if field.IsExported() && len(field.Index) == 1 {
			all = append(all, step{text: "%s." + field.Name, do: func(v reflect.Value) []reflect.Value {
				return []reflect.Value{reflect.Indirect(inside(v)).FieldByIndex(field.Index)}
			}})
		}
	}
	return all
}
