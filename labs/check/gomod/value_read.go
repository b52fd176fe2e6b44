package gomod

import (
	"cmp"
	"encoding/json"
	"errors"
	"reflect"
	"strconv"

	"cnalab/labs/check/gomod/child"
)

// TypeName is filled with the name of a value's type: "order.OrderPlaced".
type TypeName string

// Whole is filled with all that a value is made of, also what others cannot see:
// two that are the same are made alike. The elements of a list are sorted.
type Whole string

// Read fills what to points to with what anybody can see of the value. Each
// field of a struct is filled by the method of its name, or by the field, or of
// the name in its tag, as in `of:"Events"`; one that is a pointer stays nil where
// there is none. A Word or a TypeName is
// filled with that of the value.
func (v Value) Read(to any) {
	v.c.Helper()
	target := reflect.ValueOf(to).Elem()
	answer := v.c.ask(child.Ask{Do: "read", On: v.result.On, Shape: shapeOf(target.Type())})
	v.c.fill(target, decoded(answer.Read))
}

func (c *Child) fill(target reflect.Value, read any) {
	if fill(target, read) != nil {
		c.forged()
	}
}

var (
	wordType  = reflect.TypeFor[Word]()
	nameType  = reflect.TypeFor[TypeName]()
	wholeType = reflect.TypeFor[Whole]()
)

// shapeOf is what to read for a type.
func shapeOf(of reflect.Type) *child.Shape {
	switch {
	case of == wordType:
		return &child.Shape{Kind: "word"}
	case of == nameType:
		return &child.Shape{Kind: "type"}
	case of == wholeType:
		return &child.Shape{Kind: "whole"}
	}
	switch of.Kind() {
	case reflect.Pointer:
		shape := shapeOf(of.Elem())
		shape.Optional = true
		return shape
	case reflect.Slice:
		return &child.Shape{Kind: "list", Parts: []*child.Shape{shapeOf(of.Elem())}}
	case reflect.String:
		return &child.Shape{Kind: "text"}
	case reflect.Struct:
		shape := &child.Shape{Kind: "struct"}
		for field := range of.Fields() {
			part := shapeOf(field.Type)
			part.Name = cmp.Or(field.Tag.Get("of"), field.Name)
			shape.Parts = append(shape.Parts, part)
		}
		return shape
	}
	return &child.Shape{Kind: "plain"}
}

// errShape is an answer that has another shape than was asked for.
var errShape = errors.New("the answer has another shape")

// fill is shapeOf's other half.
func fill(target reflect.Value, read any) error {
	switch target.Kind() {
	case reflect.Pointer:
		if read == nil {
			return nil
		}
		target.Set(reflect.New(target.Type().Elem()))
		return fill(target.Elem(), read)
	case reflect.Slice:
		return fillList(target, read)
	case reflect.Struct:
		return fillStruct(target, read)
	case reflect.String:
		text, ok := read.(string)
		target.SetString(text)
		return fits(ok)
	case reflect.Bool:
		is, ok := read.(bool)
		target.SetBool(is)
		return fits(ok)
	case reflect.Float64:
		text, ok := read.(string)
		float, err := strconv.ParseFloat(text, 64)
		target.SetFloat(float)
		return errors.Join(fits(ok), err)
	}
	number, ok := read.(json.Number)
	n, err := number.Int64()
	target.SetInt(n)
	return errors.Join(fits(ok), err)
}

func fits(ok bool) error {
	if !ok {
		return errShape
	}
	return nil
}

func fillList(target reflect.Value, read any) error {
	all, ok := read.([]any)
	target.Set(reflect.MakeSlice(target.Type(), len(all), len(all)))
	for i, one := range all {
		if err := fill(target.Index(i), one); err != nil {
			return err
		}
	}
	return fits(ok)
}

func fillStruct(target reflect.Value, read any) error {
	all, ok := read.([]any)
	if !ok || len(all) != target.NumField() {
		return errShape
	}
	for i, one := range all {
		if err := fill(target.Field(i), one); err != nil {
			return err
		}
	}
	return nil
}
