package gomod

import (
	"bytes"
	"encoding/json"
	"iter"
	"reflect"
	"strconv"

	"cnalab/labs/check/gomod/child"
)

// Call is a function or method, and what it is called with.
type Call struct {
	Name   string
	Args   []any
	Unread bool // in a story, after its first call: nothing is read after it
}

// Story makes a value by its first call, and then calls the value's methods.
type Story struct {
	First Call
	Then  []Call
}

// Moment is what is there after a call of a story.
type Moment[T any] struct {
	Err    error // that the call returned
	Nil    bool  // the first call returned no value
	Unread bool  // nothing was read after it
	Seen   T     // read of the value, as Read does, after it or before
}

// atOnce is how many stories go into one question.
const atOnce = 64

// Tell has the child play the stories, and yields for each what was seen after
// its first call and after each of the others. A story whose first call returns
// an error or nil ends there. Where a call panics the check ends, after what was
// seen before it has been yielded.
func Tell[T any](c *Child, stories ...Story) iter.Seq2[int, []Moment[T]] {
	return func(yield func(int, []Moment[T]) bool) {
		known := map[string]T{} // most moments are like another one
		shape := shapeOf(reflect.TypeFor[T]())
		ahead := c.told(shape, stories[:min(atOnce, len(stories))])
		for i := 0; i < len(stories); i += atOnce {
			now := ahead
			if next := i + atOnce; next < len(stories) { // the child plays while the check judges
				ahead = c.told(shape, stories[next:min(next+atOnce, len(stories))])
			}
			for j, moments := range c.moments(now, stories[i:min(i+atOnce, len(stories))]) {
				if !yield(i+j, seen(c, stories[i+j], moments, known)) {
					return
				}
			}
		}
	}
}

// told asks for the stories.
func (c *Child) told(shape *child.Shape, stories []Story) *question {
	c.Helper()
	ask := child.Ask{Do: "stories", Shape: shape}
	cast := cast{c: c, places: map[string]int{}}
	for _, story := range stories {
		told := child.Story{First: cast.place(story.First)}
		for _, call := range story.Then {
			told.Then = append(told.Then, cast.place(call))
		}
		ask.Stories = append(ask.Stories, told)
	}
	ask.Calls = cast.calls
	return c.send(ask)
}

// moments yields what the child has seen of each story.
func (c *Child) moments(q *question, stories []Story) iter.Seq2[int, []child.Moment] {
	return func(yield func(int, []child.Moment) bool) {
		answer := c.receive(q)
		if told := len(answer.Stories); told > len(stories) || told < len(stories) && answer.Panic == nil {
			c.forged()
		}
		for i, moments := range answer.Stories {
			cut := answer.Panic != nil && i == len(answer.Stories)-1
			if !cut && !whole(moments, len(stories[i].Then)+1) {
				c.forged()
			}
			if !yield(i, moments) {
				return
			}
		}
		if answer.Panic != nil {
			c.panicked("", *answer.Panic)
		}
	}
}

// whole reports whether these are so many moments, or the one of a story that
// ended with its first.
func whole(moments []child.Moment, want int) bool {
	ended := len(moments) == 1 && (moments[0].Err != nil || moments[0].Nil)
	return ended || len(moments) == want && len(moments[0].Read) > 0
}

// cast are the calls of some stories, each once.
type cast struct {
	c      *Child
	calls  []child.Call
	places map[string]int
}

func (l *cast) place(call Call) int {
	args := l.c.args(call.Args)
	key := call.Name + strconv.FormatBool(call.Unread)
	for _, arg := range args {
		key += " " + strconv.Itoa(arg.On) + string(arg.Plain) + strconv.FormatBool(arg.Spread)
	}
	at, ok := l.places[key]
	if !ok {
		at = len(l.calls)
		l.places[key] = at
		l.calls = append(l.calls, child.Call{Name: call.Name, Args: args, Unread: call.Unread})
	}
	return at
}

// seen are a story's moments, each as the check reads it.
func seen[T any](c *Child, story Story, moments []child.Moment, known map[string]T) []Moment[T] {
	var all []Moment[T]
	var last T
	for i, moment := range moments {
		if len(moment.Read) > 0 {
			last = readAs(c, moment.Read, known)
		}
		now := Moment[T]{Nil: moment.Nil, Unread: i > 0 && story.Then[i-1].Unread, Seen: last}
		if moment.Err != nil {
			now.Err = Refused(*moment.Err)
		}
		all = append(all, now)
	}
	return all
}

// readAs is what the text says, which may be known from another moment.
func readAs[T any](c *Child, text []byte, known map[string]T) T {
	one, ok := known[string(text)]
	if !ok {
		c.fill(reflect.ValueOf(&one).Elem(), decoded(text))
		known[string(text)] = one
	}
	return one
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
