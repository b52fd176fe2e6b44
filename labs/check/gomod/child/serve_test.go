package child

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"
)

type state string

type thing struct {
	Size  int
	Parts []string
	State state
}

func (t thing) Double() int { return 2 * t.Size }
func (t *thing) Grow(by ...int) error {
	for _, n := range by {
		if n < 0 {
			return errors.New("it never shrinks")
		}
		t.Size += n
	}
	return nil
}

func newThing(size int, s state, names map[string]int) (*thing, error) {
	return &thing{Size: size, State: s, Parts: make([]string, len(names), 8)}, nil
}

var names = Names{
	Values: map[string]reflect.Value{"a.New": reflect.ValueOf(newThing), "a.First": reflect.ValueOf(state("first"))},
	Types:  map[string]reflect.Type{"a.Thing": reflect.TypeFor[thing](), "a.State": reflect.TypeFor[state]()},
}

// answers serves the questions and returns what came out, a line each.
func answers(t *testing.T, questions ...Ask) []string {
	t.Helper()
	var in, out strings.Builder
	for _, ask := range questions {
		line, err := json.Marshal(Request{ID: "q", Within: time.Minute, Ask: ask})
		if err != nil {
			t.Fatal(err)
		}
		in.Write(line)
	}
	if err := Serve(strings.NewReader(in.String()), &out, names); err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(strings.ReplaceAll(out.String(), `"ID":"q"`, "")), "\n")
}

func plainArgs(texts ...string) []Arg {
	var args []Arg
	for _, text := range texts {
		args = append(args, Arg{Plain: json.RawMessage(text)})
	}
	return args
}

func TestAnswers(t *testing.T) {
	shape := &Shape{Kind: "struct", Parts: []*Shape{
		{Name: "Double", Kind: "plain"}, {Name: "State", Kind: "word"}, {Kind: "type"}, {Name: "Colour", Kind: "text", Optional: true},
		{Name: "Parts", Kind: "list", Parts: []*Shape{{Kind: "text"}}},
	}}
	got := answers(t,
		Ask{Do: "call", Name: "a.New", Args: plainArgs("20", `"old"`, `{"x": 1, "y": 2}`)},
		Ask{Do: "call", On: 1, Name: "Double"},
		Ask{Do: "call", On: 1, Name: "Grow", Args: plainArgs("1", "2")},
		Ask{Do: "call", On: 1, Name: "Grow", Args: plainArgs("-1")},
		Ask{Do: "read", On: 1, Shape: shape},
		Ask{Do: "field", On: 1, Name: "Parts"},
		Ask{Do: "set", On: 2, At: 1, Args: plainArgs(`"set"`)},
		Ask{Do: "append", On: 2, At: 1, Args: plainArgs(`"within"`)},
		Ask{Do: "read", On: 1, Shape: shape},
		Ask{Do: "name", Name: "a.First"},
		Ask{Do: "make", Name: "a.Thing", Fields: map[string]Arg{"Size": plainArgs("4")[0], "State": {On: 4}}},
		Ask{Do: "call", On: 5, Name: "Grow"},
		Ask{Do: "list", Name: "a.Thing", Args: []Arg{{On: 5}, {On: 5}}},
		Ask{Do: "at", On: 6, At: 1},
		Ask{Do: "zero", Name: "a.State"},
		Ask{Do: "methods", On: 1},
		Ask{Do: "fields", Name: "a.Thing"},
	)
	want := []string{
		`{,"Value":{"On":1,"Type":"*a.Thing"}}`,
		`{,"Value":{"Plain":40,"Type":"int"}}`,
		`{}`,
		`{,"Err":"it never shrinks"}`,
		`{,"Read":[46,["old","\"old\""],"*a.Thing",null,["",""]]}`,
		`{,"Value":{"On":2,"Type":"[]string","Len":2}}`,
		`{}`,
		`{,"Value":{"On":3,"Type":"[]string","Len":2}}`,
		`{,"Read":[46,["old","\"old\""],"*a.Thing",null,["","within"]]}`,
		`{,"Value":{"On":4,"Type":"a.State"}}`,
		`{,"Value":{"On":5,"Type":"a.Thing"}}`,
		`{}`,
		`{,"Value":{"On":6,"Type":"[]child.thing","Len":2}}`,
		`{,"Value":{"On":7,"Type":"a.Thing"}}`,
		`{,"Value":{"Plain":"","Type":"a.State"}}`,
		`{,"Methods":[{"Name":"Double","In":null,"Variadic":false},{"Name":"Grow","In":[{"Name":"[]int","Kind":"slice"}],"Variadic":true}]}`,
		`{,"Fields":[{"Name":"Size","Type":{"Name":"int","Kind":"int"},"Embedded":false},{"Name":"Parts","Type":{"Name":"[]string","Kind":"slice"},"Embedded":false},{"Name":"State","Type":{"Name":"a.State","Kind":"string"},"Embedded":false}]}`,
	}
	for i := range want {
		if i >= len(got) || got[i] != want[i] {
			t.Errorf("answer %d: got %v, want %s", i+1, got[i:min(i+1, len(got))], want[i])
		}
	}
}

func TestQuestionsThatDoNotFit(t *testing.T) {
	for _, ask := range []Ask{
		{Do: "dance"}, {Do: "call", Name: "a.Old"}, {Do: "call", Name: "a.New"}, {Do: "call", Name: "a.New", Args: plainArgs(`"x"`, `""`, "{}")},
		{Do: "call", Name: "a.New", Args: plainArgs("1", `""`, "{}", "4")}, {Do: "field", On: 9, Name: "Size"}, {Do: "zero", Name: "a.None"},
		{Do: "make", Name: "a.Thing", Fields: map[string]Arg{"Colour": {}}}, {Do: "name", Name: "a.Last"},
	} {
		if got := answers(t, ask)[0]; !strings.Contains(got, `"Misfit":"`) {
			t.Errorf("%+v: got %s", ask, got)
		}
	}
}

// What was seen before a panic counts.
func TestStoriesUpToAPanic(t *testing.T) {
	got := answers(t, Ask{
		Do: "stories", Shape: &Shape{Kind: "struct", Parts: []*Shape{{Name: "Size", Kind: "plain"}}},
		Calls:   []Call{{Name: "a.New", Args: plainArgs("1", `""`, "{}")}, {Name: "Grow", Args: plainArgs("1")}, {Name: "Grow"}, {Name: "Shrink"}},
		Stories: []Story{{Then: []int{1, 1, 2, 3}}},
	})
	if want := `"Stories":[[{"Read":[1]},{"Read":[2]},{"Read":[3]},{}]]`; !strings.Contains(got[0], want) {
		t.Errorf("got %s, want %s", got[0], want)
	}
}

// A call after which nothing is to be read is made all the same.
func TestStoriesWithUnreadCalls(t *testing.T) {
	got := answers(t, Ask{
		Do: "stories", Shape: &Shape{Kind: "struct", Parts: []*Shape{{Name: "Size", Kind: "plain"}}},
		Calls:   []Call{{Name: "a.New", Args: plainArgs("1", `""`, "{}")}, {Name: "Grow", Args: plainArgs("1")}, {Name: "Grow", Args: plainArgs("1"), Unread: true}},
		Stories: []Story{{Then: []int{2, 1}}},
	})
	if want := `"Stories":[[{"Read":[1]},{},{"Read":[3]}]]`; !strings.Contains(got[0], want) {
		t.Errorf("got %s, want %s", got[0], want)
	}
}
