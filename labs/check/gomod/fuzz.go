package gomod

import (
	"reflect"
	"slices"

	"cnalab/labs/check/gomod/child"
)

// Fuzzing is what to try with a value that a call makes: all that another
// package can do with it and with what its methods return, each with a value of
// its own, with arguments that fit and for no longer than a moment.
type Fuzzing struct {
	Story   Story    // makes the value, and brings it as far as wanted
	Leave   []string // methods of the value, and functions of the package, that are not called
	Pool    []Value  // what to hand over where it fits; else plain values are made up
	Package string   // whose functions are called as well, with the value as the first argument where it fits
	After   []Call   // calls that follow each move, whatever they return
}

// Move is one thing that was done with the value: "o.Lines()[0]". The first is
// none at all.
type Move[T any] struct {
	Text  string
	Seen  []T    // of the value after it, and after each of the calls that follow
	Made  []T    // other values of its type that the move gave
	Panic string // why it can be read no more
}

// Fuzz tells of each move that has made a difference to what is seen.
func Fuzz[T any](c *Child, with Fuzzing) []Move[T] {
	c.Helper()
	cast := cast{c: c, places: map[string]int{}}
	told := child.Story{First: cast.place(with.Story.First)}
	for _, call := range with.Story.Then {
		told.Then = append(told.Then, cast.place(call))
	}
	fuzzing := child.Fuzzing{Leave: with.Leave, Pool: c.args(anys(with.Pool))}
	for _, function := range c.m.Functions(with.Package) {
		if !slices.Contains(with.Leave, function) {
			fuzzing.Functions = append(fuzzing.Functions, with.Package+"."+function)
		}
	}
	for _, call := range with.After {
		fuzzing.After = append(fuzzing.After, cast.place(call))
	}
	answer := c.ask(child.Ask{Do: "fuzz", Shape: shapeOf(reflect.TypeFor[T]()), Calls: cast.calls, Stories: []child.Story{told}, Fuzzing: &fuzzing})
	var moves []Move[T]
	known := map[string]T{}
	for _, move := range answer.Moves {
		now := Move[T]{Text: move.Text, Panic: move.Panic}
		for _, read := range move.Read {
			now.Seen = append(now.Seen, readAs(c, read, known))
		}
		for _, read := range move.Made {
			now.Made = append(now.Made, readAs(c, read, known))
		}
		moves = append(moves, now)
	}
	if len(moves) == 0 && answer.Panic == nil {
		c.forged()
	}
	return moves
}
