package gomod

import (
	"bytes"
	"encoding/json"
	"iter"
	"reflect"

	"cnalab/labs/check/gomod/child"
)

// Call is a function or method, and what it is called with.
type Call struct {
	Name string
	Args []any
}

// Story makes a value by its first call, and then calls the value's methods.
type Story struct {
	First Call
	Then  []Call
}

// Moment is what is there after a call of a story.
type Moment[T any] struct {
	Err  error // that the call returned
	Nil  bool  // the first call returned no value
	Seen T     // read of the value, as Read does
}

// Tell has the child play the stories, all in one question, and yields for each
// what was seen after its first call and after each of the others. A story whose
// first call returns an error or nil ends there. Where a call panics the check
// ends, after what was seen before it has been yielded.
func Tell[T any](c *Child, stories ...Story) iter.Seq2[int, []Moment[T]] {
	c.Helper()
	ask := child.Ask{Do: "stories", Shape: shapeOf(reflect.TypeFor[T]())}
	for _, story := range stories {
		told := child.Story{First: c.call(story.First)}
		for _, call := range story.Then {
			told.Then = append(told.Then, c.call(call))
		}
		ask.Stories = append(ask.Stories, told)
	}
	answer := c.try(ask)
	if told := len(answer.Stories); told > len(stories) || told < len(stories) && answer.Panic == nil {
		c.forged()
	}
	return func(yield func(int, []Moment[T]) bool) {
		for i, moments := range answer.Stories {
			want := len(stories[i].Then) + 1
			if answer.Panic != nil && i == len(answer.Stories)-1 {
				want = len(moments)
			}
			if !yield(i, seen[T](c, moments, want)) {
				return
			}
		}
		if answer.Panic != nil {
			c.panicked(*answer.Panic)
		}
	}
}

func (c *Child) call(call Call) child.Call {
	c.Helper()
	return child.Call{Name: call.Name, Args: c.args(call.Args)}
}

// seen are a story's moments; there have to be so many, unless it ended with
// the first.
func seen[T any](c *Child, moments []child.Moment, want int) []Moment[T] {
	c.Helper()
	var all []Moment[T]
	var last T
	for _, moment := range moments {
		if len(moment.Read) > 0 {
			last = *new(T)
			c.fill(reflect.ValueOf(&last).Elem(), decoded(moment.Read))
		}
		now := Moment[T]{Nil: moment.Nil, Seen: last}
		if moment.Err != nil {
			now.Err = Refused(*moment.Err)
		}
		all = append(all, now)
	}
	ended := len(all) == 1 && (all[0].Err != nil || all[0].Nil)
	if len(all) != want && !ended || len(all) > 0 && !ended && len(moments[0].Read) == 0 {
		c.forged()
	}
	return all
}

// decoded is nil where the text is none of JSON.
func decoded(text []byte) (value any) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if decoder.Decode(&value) != nil {
		return nil
	}
	return value
}
