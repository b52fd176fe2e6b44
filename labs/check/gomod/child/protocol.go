// Package child answers a check's questions about a learner's packages. The
// check has it compiled into the learner's module, beside a main package that
// registers what the questions name, and asks over a pipe: a line of JSON for
// each request and for each answer. It calls what it is told to and tells what
// came out. It knows nothing of what is right: the check judges, in a process
// of its own.
package child

import (
	"encoding/json"
	"reflect"
	"time"
)

// Request is one line from the check: things to do, one after another.
type Request struct {
	ID     string        // comes back with the answer
	Within time.Duration // how long it may take
	Ask
}

// Ask is one thing to do. Values that are no plain ones stay here, under a
// number.
type Ask struct {
	Do      string         // the name of an operation: see operations
	On      int            `json:",omitempty"` // the value it is about, by number
	Name    string         `json:",omitempty"` // of a function, method, field or type
	Args    []Arg          `json:",omitempty"`
	Fields  map[string]Arg `json:",omitempty"` // of a struct to make
	At      int            `json:",omitempty"` // an index
	Shape   *Shape         `json:",omitempty"` // of what to read
	Calls   []Call         `json:",omitempty"` // of the stories
	Stories []Story        `json:",omitempty"`

	Fuzzing *Fuzzing `json:",omitempty"` // with what the first story makes
}

// Arg is a plain value, or one that is here under its number.
type Arg struct {
	Plain  json.RawMessage `json:",omitempty"`
	On     int             `json:",omitempty"`
	Spread bool            `json:",omitempty"` // a slice in the place of a variadic's last arguments
}

// Call is a function or method with its arguments.
type Call struct {
	Name   string
	Args   []Arg `json:",omitempty"`
	Unread bool  `json:",omitempty"` // in a story nothing is read after it
}

// Story makes a value by its first call, and then calls its methods; each by its
// place among the calls of the question.
type Story struct {
	First int
	Then  []int
}

// Shape is what to read of a value.
type Shape struct {
	Kind     string   // "plain", "text", "word", "type", "whole", "struct" or "list"
	Name     string   `json:",omitempty"` // the method or field that leads here
	Optional bool     `json:",omitempty"` // null where there is no such member
	Parts    []*Shape `json:",omitempty"` // of a struct, or the one of a list's elements

	of  reflect.Type // whose member was asked for last
	get func(reflect.Value) reflect.Value
}

// Answer is one line to the check.
type Answer struct {
	ID      string
	Value   *Result         `json:",omitempty"`
	Err     *string         `json:",omitempty"` // the error that a call returned
	Panic   *Panic          `json:",omitempty"`
	Misfit  string          `json:",omitempty"` // why the question does not fit the code
	Read    json.RawMessage `json:",omitempty"`
	Methods []Method        `json:",omitempty"`
	Fields  []Field         `json:",omitempty"`
	Stories [][]Moment      `json:",omitempty"`
	Moves   []Move          `json:",omitempty"`
	Calls   *Calls          `json:",omitempty"`
}

// Result is a plain value, or the number and type of one that stays here.
type Result struct {
	Plain json.RawMessage `json:",omitempty"`
	On    int             `json:",omitempty"`
	Type  string          `json:",omitempty"`
	Nil   bool            `json:",omitempty"`
	Len   int             `json:",omitempty"`
}

// Panic is how a call ended that did not return.
type Panic struct{ Cause, Stack string }

// Moment is what is seen after a story's call. What is read is left out where
// it is as it was the moment before.
type Moment struct {
	Err  *string         `json:",omitempty"`
	Nil  bool            `json:",omitempty"`
	Read json.RawMessage `json:",omitempty"`
}

// Method is a method of a value.
type Method struct {
	Name     string
	In       []Type
	Variadic bool
}

// Type is a type by its name, and what it is made of: "order.Status", "string".
type Type struct{ Name, Kind string }

// Field is a field of a struct, also of one that is embedded in it.
type Field struct {
	Name     string
	Type     Type
	Embedded bool
}
