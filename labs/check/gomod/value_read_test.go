package gomod

import (
	"math"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cnalab/labs/check/gomod/child"
)

type shown struct {
	Size  int64
	Price float64
	Sold  bool
	Word  Word
	Parts []string
	Owner *string
}

func TestReadFillsWhatItAsksFor(t *testing.T) {
	var got shown
	err := fill(reflect.ValueOf(&got).Elem(), decoded([]byte(`[9007199254740993, "NaN", true, ["1", "x(1)"], ["a", "b"], null]`)))
	if err != nil || !math.IsNaN(got.Price) {
		t.Fatalf("got %+v, %v", got, err)
	}
	got.Price = 0
	want := shown{Size: 9007199254740993, Sold: true, Word: Word{"1", "x(1)"}, Parts: []string{"a", "b"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// An answer of another shape than was asked for is none.
func TestReadRefusesOtherShapes(t *testing.T) {
	for _, text := range []string{
		``, `null`, `{}`, `[]`, `[1, "1", true, ["1", "1"], ["a"]]`, `["1", "1", true, ["1", "1"], [], null]`, `[1, 1, true, ["1", "1"], [], null]`,
		`[1, "1", 1, ["1", "1"], [], null]`, `[1, "1", true, "1", [], null]`, `[1, "1", true, ["1", "1"], "a", null]`,
		`[1, "1", true, ["1", "1"], [1], null]`, `[1.5, "1", true, ["1", "1"], [], null]`, `[1, "1", true, ["1", "1"], [], 1]`,
	} {
		var got shown
		if fill(reflect.ValueOf(&got).Elem(), decoded([]byte(text))) == nil {
			t.Errorf("%s: got %+v", text, got)
		}
	}
}

func TestMomentsThatAreMissing(t *testing.T) {
	refused := "no"
	read := child.Moment{Read: []byte("[1]")}
	for name, test := range map[string]struct {
		moments []child.Moment
		whole   bool
	}{
		"all":                      {[]child.Moment{read, {}, {}}, true},
		"one that was refused":     {[]child.Moment{{Err: &refused}}, true},
		"one that was nil":         {[]child.Moment{{Nil: true}}, true},
		"none":                     {nil, false},
		"one too few":              {[]child.Moment{read, {}}, false},
		"one too many":             {[]child.Moment{read, {}, {}, {}}, false},
		"all, and nothing is seen": {[]child.Moment{{}, {}, {}}, false},
	} {
		if got := whole(test.moments, 3); got != test.whole {
			t.Errorf("%s: got %t", name, got)
		}
	}
}
