package gomod

import (
	"encoding/json"

	"cnalab/labs/check/gomod/child"
)

// Value is what the learner's code returned, or is given. One that is not plain
// stays in the child; the check may hand it back to any call.
type Value struct {
	c      *Child
	result child.Result
	spread bool
}

// What a value's type is made of.
type (
	Type   = child.Type
	Method = child.Method
	Field  = child.Field
)

// Word is a value as it prints, and as it is written in Go: two that are the
// same in both are the same.
type Word struct{ Text, Go string }

func (w Word) String() string { return w.Text }

// Refused is the error that a call returned, by its text.
type Refused string

func (r Refused) Error() string { return string(r) }

// Call calls a function, as in Call("order.Place", "o-1", line). It returns the
// first result, and the error where the last result is one.
func (c *Child) Call(function string, args ...any) (Value, error) {
	c.Helper()
	return c.called(c.ask(child.Ask{Do: "call", Name: function, Args: c.args(args)}))
}

// Call calls a method of the value.
func (v Value) Call(method string, args ...any) (Value, error) {
	v.c.Helper()
	return v.c.called(v.c.ask(child.Ask{Do: "call", On: v.result.On, Name: method, Args: v.c.args(args)}))
}

// Try calls a method whatever comes of it, a panic included.
func (v Value) Try(method string, args ...any) {
	v.c.Helper()
	v.c.try(child.Ask{Do: "call", On: v.result.On, Name: method, Args: v.c.args(args)})
}

func (c *Child) called(answer child.Answer) (Value, error) {
	if answer.Err != nil {
		return c.value(answer), Refused(*answer.Err)
	}
	return c.value(answer), nil
}

func (c *Child) value(answer child.Answer) Value {
	v := Value{c: c}
	if answer.Value != nil {
		v.result = *answer.Value
	}
	return v
}

// Get returns what a variable or constant holds.
func (c *Child) Get(name string) Value {
	c.Helper()
	return c.value(c.ask(child.Ask{Do: "name", Name: name}))
}

// Len is how many elements a slice has.
func (v Value) Len() int { return v.result.Len }

// Nil reports whether it is nil.
func (v Value) Nil() bool { return v.result.Nil }

// Type is the value's type: "*order.Order".
func (v Value) Type() string { return v.result.Type }

// Equal reports whether two values that are not plain are the same by ==.
func (v Value) Equal(other Value) bool {
	v.c.Helper()
	return v.c.value(v.c.ask(child.Ask{Do: "equal", On: v.result.On, At: other.result.On})).String() == "true"
}

// Word asks how the value prints.
func (v Value) Word() Word {
	v.c.Helper()
	var word Word
	v.Read(&word)
	return word
}

// String is a plain value's text.
func (v Value) String() string {
	var text string
	switch plain := v.result.Plain; {
	case len(plain) == 0:
		return v.result.Type
	case json.Unmarshal(plain, &text) == nil:
		return text
	default:
		return string(plain)
	}
}

func (c *Child) args(values []any) []child.Arg {
	var args []child.Arg
	for _, value := range values {
		args = append(args, c.arg(value))
	}
	return args
}

// arg is a value of the child's by its number, any other as it is.
func (c *Child) arg(value any) child.Arg {
	if v, ok := value.(Value); ok {
		if v.result.On != 0 {
			return child.Arg{On: v.result.On, Spread: v.spread}
		}
		return child.Arg{Plain: v.result.Plain}
	}
	text, err := json.Marshal(value)
	c.Must(err, "The check cannot ask your code.")
	return child.Arg{Plain: text}
}
