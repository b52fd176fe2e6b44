package child

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
)

// read is what the shape asks for of a value.
func (t *table) read(v reflect.Value, s *Shape) any {
	switch s.Kind {
	case "plain":
		if plain, ok := plain(inside(v)); ok {
			return plain
		}
	case "text":
		if v = inside(v); v.Kind() == reflect.String {
			return v.String()
		}
		return limited(fmt.Sprint(v.Interface()))
	case "word":
		return []string{limited(fmt.Sprint(v.Interface())), limited(fmt.Sprintf("%#v", v.Interface()))}
	case "type":
		if v = inside(v); v.Kind() == reflect.Interface {
			return "nil"
		}
		return t.typeName(v.Type())
	case "list":
		if v = inside(v); v.Kind() == reflect.Slice {
			return t.readAll(v, s.Parts[0])
		}
	case "struct":
		return t.readParts(v, s.Parts)
	}
	panic(misfit(fmt.Sprintf("a %s cannot be read as a %s", v.Type(), s.Kind)))
}

func (t *table) readAll(list reflect.Value, s *Shape) []any {
	all := make([]any, list.Len())
	for i := range all {
		all[i] = t.read(list.Index(i), s)
	}
	return all
}

func (t *table) readParts(v reflect.Value, parts []*Shape) []any {
	all := make([]any, len(parts))
	for i, part := range parts {
		switch {
		case part.Optional:
			all[i] = t.readOptional(v, part)
		case part.Kind == "type":
			all[i] = t.read(v, part)
		default:
			all[i] = t.read(t.member(v, part.Name), part)
		}
	}
	return all
}

// readOptional is nothing where there is no such member, or another one of
// that name.
func (t *table) readOptional(v reflect.Value, s *Shape) (read any) {
	defer func() {
		if recover() != nil {
			read = nil
		}
	}()
	return t.read(t.member(v, s.Name), s)
}

type memberKey struct {
	of   reflect.Type
	name string
}

// member is what a value's method of that name returns, or its field.
func (t *table) member(v reflect.Value, name string) reflect.Value {
	v = inside(v)
	key := memberKey{v.Type(), name}
	function, found := t.members[key]
	if !found {
		if method, ok := key.of.MethodByName(name); ok && key.of.Kind() != reflect.Interface && method.Type.NumIn() == 1 && method.Type.NumOut() > 0 {
			function = method.Func
		}
		t.members[key] = function
	}
	if function.IsValid() {
		return function.Call([]reflect.Value{v})[0]
	}
	if field := fieldOf(v, name); field.IsValid() {
		return field
	}
	if v.CanAddr() && v.Kind() != reflect.Interface {
		if method := v.Addr().MethodByName(name); method.IsValid() && method.Type().NumIn() == 0 && method.Type().NumOut() > 0 {
			return method.Call(nil)[0]
		}
	}
	panic(misfit(fmt.Sprintf("%s has no %s", v.Type(), name)))
}

// stories tells each story, and what is seen after each of its calls, as far as
// the learner's code lets it.
func (t *table) stories(a Ask) Answer {
	for _, story := range a.Stories {
		t.told = append(t.told, nil)
		t.story(story, a.Shape)
	}
	return Answer{Stories: t.told}
}

func (t *table) story(s Story, shape *Shape) {
	first := t.call(Ask{Name: s.First.Name, Args: s.First.Args})
	moment := Moment{Err: first.Err, Nil: first.Value == nil || first.Value.Nil}
	if first.Err != nil || moment.Nil {
		t.tell(moment)
		return
	}
	on := first.Value.On
	seen := t.encoded(on, shape)
	moment.Read = seen
	t.tell(moment)
	for _, call := range s.Then {
		moment := Moment{Err: t.call(Ask{On: on, Name: call.Name, Args: call.Args}).Err}
		if now := t.encoded(on, shape); !bytes.Equal(now, seen) {
			moment.Read, seen = now, now
		}
		t.tell(moment)
	}
}

// tell adds to the story that is told now.
func (t *table) tell(m Moment) {
	now := len(t.told) - 1
	t.told[now] = append(t.told[now], m)
}

func (t *table) encoded(on int, shape *Shape) json.RawMessage {
	text, err := json.Marshal(t.read(t.value(on), shape))
	if err != nil {
		panic(misfit(err.Error()))
	}
	return text
}
