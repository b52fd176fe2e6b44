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

// Zero returns the zero value of a type.
func (c *Child) Zero(of string) Value {
	c.Helper()
	return c.value(c.ask(child.Ask{Do: "zero", Name: of}))
}

// Fields are a struct's, by name.
type Fields map[string]any

// Make makes a struct of that type.
func (c *Child) Make(of string, fields Fields) Value {
	c.Helper()
	args := map[string]child.Arg{}
	for name, value := range fields {
		args[name] = c.arg(value)
	}
	return c.value(c.ask(child.Ask{Do: "make", Name: of, Fields: args}))
}

// List makes a slice of that type's values; without any it is nil.
func (c *Child) List(of string, elements ...Value) Value {
	c.Helper()
	return c.value(c.ask(child.Ask{Do: "list", Name: of, Args: c.args(anys(elements))}))
}

// Spread hands over the slice as a variadic's arguments, as lines... does.
func (v Value) Spread() Value {
	v.spread = true
	return v
}

// Len is how many elements a slice has.
func (v Value) Len() int { return v.result.Len }

// Nil reports whether it is nil.
func (v Value) Nil() bool { return v.result.Nil }

// Type is the value's type: "*order.Order".
func (v Value) Type() string { return v.result.Type }

// At returns an element of the slice.
func (v Value) At(i int) Value {
	v.c.Helper()
	return v.c.value(v.c.ask(child.Ask{Do: "at", On: v.result.On, At: i}))
}

// Set changes an element of the slice.
func (v Value) Set(i int, to Value) {
	v.c.Helper()
	v.c.ask(child.Ask{Do: "set", On: v.result.On, At: i, Args: []child.Arg{v.c.arg(to)}})
}

// Append appends behind the slice's first n elements, as in append(s[:n], more).
func (v Value) Append(n int, more Value) Value {
	v.c.Helper()
	return v.c.value(v.c.ask(child.Ask{Do: "append", On: v.result.On, At: n, Args: []child.Arg{v.c.arg(more)}}))
}

// Field returns what a struct's field holds.
func (v Value) Field(name string) Value {
	v.c.Helper()
	return v.c.value(v.c.ask(child.Ask{Do: "field", On: v.result.On, Name: name}))
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

// Methods lists what others can call on the value.
func (v Value) Methods() []Method {
	v.c.Helper()
	return v.c.ask(child.Ask{Do: "methods", On: v.result.On}).Methods
}

// FieldsOf lists the fields of a struct type that others can see.
func (c *Child) FieldsOf(of string) []Field {
	c.Helper()
	return c.ask(child.Ask{Do: "fields", Name: of}).Fields
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

func anys(values []Value) []any {
	all := make([]any, len(values))
	for i, value := range values {
		all[i] = value
	}
	return all
}
