package child

import (
	"encoding/json"
	"reflect"
	"strconv"
)

// isPlain reports whether JSON can hold a value of that kind.
func isPlain(kind reflect.Kind) bool { return basics[kind] != nil }

// appendPlain appends a plain value; a float as a text, for it may be none that
// JSON has.
func appendPlain(text []byte, v reflect.Value) []byte {
	switch {
	case v.Kind() == reflect.Bool:
		return strconv.AppendBool(text, v.Bool())
	case v.Kind() == reflect.String:
		return appendText(text, v.String())
	case v.CanInt():
		return strconv.AppendInt(text, v.Int(), 10)
	case v.CanUint():
		return strconv.AppendUint(text, v.Uint(), 10)
	}
	return appendText(text, strconv.FormatFloat(v.Float(), 'g', -1, 64))
}

// appendText appends a text between quotes.
func appendText(text []byte, s string) []byte {
	for _, r := range s {
		if r < ' ' || r == '"' || r == '\\' || r > '~' {
			quoted, _ := json.Marshal(s) // a string always has JSON
			return append(text, quoted...)
		}
	}
	return append(append(append(text, '"'), s...), '"')
}
