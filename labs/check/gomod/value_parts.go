package gomod

import "cnalab/labs/check/gomod/child"

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

// Scribble overwrites all that a reader can reach from the value, also by methods
// that take nothing.
func (v Value) Scribble() {
	v.c.Helper()
	v.c.ask(child.Ask{Do: "scribble", On: v.result.On})
}

// Field returns what a struct's field holds.
func (v Value) Field(name string) Value {
	v.c.Helper()
	return v.c.value(v.c.ask(child.Ask{Do: "field", On: v.result.On, Name: name}))
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

func anys(values []Value) []any {
	all := make([]any, len(values))
	for i, value := range values {
		all[i] = value
	}
	return all
}
