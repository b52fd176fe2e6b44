package child

import (
	"encoding/json"
	"fmt"
	"reflect"
)

// read appends to the text, as JSON, what the shape asks for of a value: a struct
// is a list of its parts.
func (t *table) read(text []byte, v reflect.Value, s *Shape) []byte {
	switch s.Kind {
	case "plain":
		if v = inside(v); isPlain(v.Kind()) {
			return appendPlain(text, v)
		}
	case "text":
		if v = inside(v); v.Kind() == reflect.String {
			return appendText(text, v.String())
		}
		return appendText(text, limited(fmt.Sprint(v.Interface())))
	case "word":
		text = appendText(append(text, '['), limited(fmt.Sprint(v.Interface())))
		return append(appendText(append(text, ','), limited(fmt.Sprintf("%#v", v.Interface()))), ']')
	case "type":
		if v = inside(v); v.Kind() == reflect.Interface {
			return append(text, `"nil"`...)
		}
		return appendText(text, t.typeName(v.Type()))
	case "whole":
		return appendText(text, wholeOf(v, ""))
	case "list":
		if v = inside(v); v.Kind() == reflect.Slice {
			return t.readAll(text, v, s.Parts[0])
		}
	case "struct":
		return t.readParts(text, v, s.Parts)
	}
	panic(misfit(fmt.Sprintf("a %s cannot be read as a %s", v.Type(), s.Kind)))
}

func (t *table) readAll(text []byte, list reflect.Value, s *Shape) []byte {
	text = append(text, '[')
	for i := range list.Len() {
		if i > 0 {
			text = append(text, ',')
		}
		text = t.read(text, list.Index(i), s)
	}
	return append(text, ']')
}

func (t *table) readParts(text []byte, v reflect.Value, parts []*Shape) []byte {
	text = append(text, '[')
	for i, part := range parts {
		if i > 0 {
			text = append(text, ',')
		}
		switch {
		case part.Optional:
			text = t.readOptional(text, v, part)
		case part.Kind == "type": // of the value itself
			text = t.read(text, v, part)
		default:
			text = t.read(text, t.member(v, part), part)
		}
	}
	return append(text, ']')
}

// readOptional is null where there is no such member, or another one of that
// name.
func (t *table) readOptional(text []byte, v reflect.Value, s *Shape) (read []byte) {
	defer func() {
		if recover() != nil {
			read = append(text, "null"...)
		}
	}()
	return t.read(text, t.member(v, s), s)
}

func (t *table) encoded(on int, shape *Shape) json.RawMessage {
	return t.read(nil, t.value(on), shape)
}
