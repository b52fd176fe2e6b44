package child

import (
	"reflect"
)

// methods lists the methods of a value that others can call.
func (t *table) methods(a Ask) Answer {
	v := t.value(a.On)
	var answer Answer
	for method := range v.Type().Methods() {
		of := v.Method(method.Index).Type()
		described := Method{Name: method.Name, Variadic: of.IsVariadic()}
		for in := range of.Ins() {
			described.In = append(described.In, t.described(in))
		}
		answer.Methods = append(answer.Methods, described)
	}
	return answer
}

func (t *table) described(of reflect.Type) Type {
	return Type{Name: t.typeName(of), Kind: of.Kind().String()}
}

// fields lists the fields of a struct type that others can see.
func (t *table) fields(a Ask) Answer {
	of := t.typeOf(a.Name)
	var answer Answer
	if of.Kind() != reflect.Struct {
		return answer
	}
	for _, field := range reflect.VisibleFields(of) {
		_, hidden := reflect.PointerTo(of).MethodByName(field.Name) // by a method that is nearer
		if field.IsExported() && !hidden {
			answer.Fields = append(answer.Fields, Field{Name: field.Name, Type: t.described(field.Type), Embedded: field.Anonymous})
		}
	}
	return answer
}
