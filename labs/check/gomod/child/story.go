package child

import (
	"bytes"
	"fmt"
	"reflect"
)

// stories tells each story, and what is seen after each of its calls, as far as
// the learner's code lets it.
func (t *table) stories(a Ask) Answer {
	s := scene{table: t, Ask: a, bound: make([]*bound, len(a.Calls))}
	for _, story := range a.Stories {
		t.told = append(t.told, nil)
		s.play(story)
	}
	return Answer{Stories: t.told}
}

// scene is a question for stories, most of which make the same calls.
type scene struct {
	*table
	Ask
	bound []*bound // the arguments of each call, once it was made
}

func (s *scene) play(story Story) {
	moment := Moment{Nil: true}
	results, err := s.make(0, story.First)
	moment.Err = err
	var on int
	if len(results) > 0 {
		result := s.result(results[0])
		on, moment.Nil = result.On, result.Nil
	}
	if err != nil || moment.Nil {
		s.tell(moment)
		return
	}
	seen := s.encoded(on, s.Shape)
	moment.Read = seen
	s.tell(moment)
	for _, call := range story.Then {
		_, err := s.make(on, call)
		moment := Moment{Err: err}
		if !s.Calls[call].Unread {
			if now := s.encoded(on, s.Shape); !bytes.Equal(now, seen) {
				moment.Read, seen = now, now
			}
		}
		s.tell(moment)
	}
}

// make makes a call, of a function or of the value's method.
func (s *scene) make(on, call int) ([]reflect.Value, *string) {
	if call < 0 || call >= len(s.Calls) {
		panic(misfit(fmt.Sprintf("there is no call %d", call)))
	}
	of := s.Calls[call]
	function := s.function(on, of.Name)
	if s.bound[call] == nil {
		s.bound[call] = s.bind(function.Type(), of.Name, of.Args)
	}
	return returned(s.bound[call].to(function))
}

// tell adds to the story that is told now.
func (t *table) tell(m Moment) {
	now := len(t.told) - 1
	t.told[now] = append(t.told[now], m)
}
