package child

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"
)

// Bounds of fuzzing a value. A call that waits is left alone: it may do so
// by design.
const (
	deepest   = 4 // from the value to what is done
	moveTime  = time.Second
	mostLate  = 3
	mostMoves = 6000
	wholeTime = 4 * time.Second
)

// Fuzzing is what to try with a value that a story makes.
type Fuzzing struct {
	Leave     []string `json:",omitempty"` // methods of the value that are not called
	Pool      []Arg    `json:",omitempty"` // what to hand over where it fits
	Functions []string `json:",omitempty"` // that are called as well
	After     []int    `json:",omitempty"` // calls that follow each move
}

// Move is what was done, and what was read after it and after each of the calls
// that follow it, as far as the value lets itself be read.
type Move struct {
	Text  string            `json:",omitempty"`
	Read  []json.RawMessage `json:",omitempty"`
	Made  []json.RawMessage `json:",omitempty"` // read of other values of its type that the move gave
	Panic string            `json:",omitempty"` // why it cannot be read
}

// fuzzer does with a value all that others can do with it, each on a value of
// its own.
type fuzzer struct {
	scene
	pool  []reflect.Value
	root  reflect.Type
	last  reflect.Value // the value that is played with now
	known map[string]bool
	moves []Move
	late  map[string]bool // functions that have not come back
	until time.Time
	plays int
}

// step is one thing to do with one of the values that the step before gave.
type step struct {
	on   int
	of   string // the function that it calls
	text string // where %s stands for that value
	do   func(reflect.Value) []reflect.Value
}

func (t *table) fuzz(a Ask) Answer {
	m := &fuzzer{scene: scene{table: t, Ask: a, bound: make([]*bound, len(a.Calls))}, known: map[string]bool{}, late: map[string]bool{}, until: time.Now().Add(wholeTime)}
	for _, arg := range a.Fuzzing.Pool {
		m.pool = append(m.pool, t.value(arg.On))
	}
	m.explore(nil, []string{"o"})
	return Answer{Moves: m.moves}
}

// explore plays the steps, and then all that can be done with what they gave.
// names are those of the values.
func (m *fuzzer) explore(path []step, names []string) {
	values, ok := m.play(path, names)
	if !ok || len(path) >= deepest {
		return
	}
	for i, v := range values[:min(len(values), 3)] {
		name := names[min(i, len(names)-1)]
		for _, next := range m.steps(v, len(path) == 0) {
			if next.on = i; m.late[next.of] {
				continue
			}
			m.explore(append(path[:len(path):len(path)], next), []string{strings.ReplaceAll(next.text, "%s", name)})
		}
	}
}

// play makes a fresh value and takes the steps with it. It returns what the last
// one gave, and false where it did not come back.
func (m *fuzzer) play(path []step, names []string) ([]reflect.Value, bool) {
	if m.plays++; m.plays > mostMoves || len(m.late) >= mostLate || time.Now().After(m.until) {
		return nil, false
	}
	on, ok := m.fresh()
	if !ok {
		return nil, false
	}
	m.last, m.root = m.table.value(on), m.table.value(on).Type()
	values := []reflect.Value{m.last}
	for _, s := range path {
		if s.on >= len(values) {
			return nil, false
		}
		var back bool
		if values, back = m.within(s, values[s.on]); !back {
			m.late[s.of] = true
			return nil, false
		}
	}
	m.tellMove(names[0], on, values)
	return values, true
}

// fresh is the number of the value that the story makes.
func (m *fuzzer) fresh() (int, bool) {
	results, err := m.make(0, m.Stories[0].First)
	if err != nil || len(results) == 0 {
		return 0, false
	}
	result := m.result(results[0])
	if result.Nil || result.On == 0 {
		return 0, false
	}
	for _, call := range m.Stories[0].Then {
		_, _ = m.make(result.On, call)
	}
	return result.On, true
}

// within does what the step says, and returns false where that takes too long. A
// panic is the learner's own affair: only the value counts.
func (m *fuzzer) within(s step, v reflect.Value) ([]reflect.Value, bool) {
	done := make(chan []reflect.Value, 1)
	go func() {
		var values []reflect.Value
		defer func() {
			_ = recover()
			done <- values
		}()
		values = s.do(v)
	}()
	watch := time.NewTimer(moveTime)
	defer watch.Stop()
	select {
	case values := <-done:
		return values, true
	case <-watch.C:
		return nil, false
	}
}

// tellMove reads the value, also after the calls that follow. Of moves after
// which all reads alike the first is told.
func (m *fuzzer) tellMove(text string, on int, given []reflect.Value) {
	move := Move{Text: text}
	m.readAfter(&move, on, given)
	if key := fmt.Sprintf("%s %s %s", move.Read, move.Made, move.Panic); !m.known[key] {
		m.known[key] = true
		m.moves = append(m.moves, move)
	}
}

func (m *fuzzer) readAfter(move *Move, on int, given []reflect.Value) {
	defer func() {
		if cause := recover(); cause != nil {
			move.Panic = limited(fmt.Sprint(cause))
		}
	}()
	move.Read = append(move.Read, m.encoded(on, m.Shape))
	for _, v := range given {
		if v = inside(v); v.IsValid() && v.Type() == m.root && v.Kind() == reflect.Pointer && !v.IsNil() && v.Pointer() != m.last.Pointer() {
			move.Made = append(move.Made, m.read(nil, v, m.Shape))
		}
	}
	for _, call := range m.Fuzzing.After {
		_, _ = m.make(on, call)
		move.Read = append(move.Read, m.encoded(on, m.Shape))
	}
}
