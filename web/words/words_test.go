package words

import (
	"context"
	"reflect"
	"testing"
	"time"
)

// A field that one language forgot would leave a hole in a page.
func TestEveryLanguageSaysEverything(t *testing.T) {
	for name, table := range map[string]Words{"en": english, "ko": korean} {
		for _, hole := range holes(name, reflect.ValueOf(table)) {
			t.Errorf("%s has no words", hole)
		}
	}
}

func TestLanguagesNameTheSameKinds(t *testing.T) {
	for kind := range english.Sandbox.Fault {
		if korean.Sandbox.Fault[kind] == "" || korean.Sandbox.FaultSays[kind] == "" || english.Sandbox.FaultSays[kind] == "" {
			t.Errorf("fault %q is not named in every language", kind)
		}
	}
	for state := range english.Sandbox.State {
		if korean.Sandbox.State[state] == "" {
			t.Errorf("state %q has no Korean word", state)
		}
	}
}

func TestLanguageOfContext(t *testing.T) {
	for given, want := range map[string]string{"en": "en", "ko": "ko", "": "en", "tlh": "en"} {
		if got := Language(With(context.Background(), given)); got != want {
			t.Errorf("Language(With(%q)) = %q, want %q", given, got, want)
		}
	}
	if got := Language(context.Background()); got != "en" {
		t.Errorf("Language of a bare context = %q, want en", got)
	}
}

func holes(path string, v reflect.Value) (found []string) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			found = append(found, holes(path+"."+v.Type().Field(i).Name, v.Field(i))...)
		}
	case reflect.Func:
		if v.IsNil() {
			return []string{path}
		}
	case reflect.Map:
		if v.Len() == 0 {
			return []string{path}
		}
	case reflect.Array:
		for i := range v.Len() {
			found = append(found, holes(path, v.Index(i))...)
		}
	default:
		if v.Len() == 0 {
			return []string{path}
		}
	}
	return found
}

func TestTookIsSaidAsAPersonSaysIt(t *testing.T) {
	for d, want := range map[time.Duration][2]string{
		3 * time.Millisecond:     {"<0.1 s", "<0.1초"},
		800 * time.Millisecond:   {"0.8 s", "0.8초"},
		12400 * time.Millisecond: {"12 s", "12초"},
		3 * time.Minute:          {"3 min", "3분"},
	} {
		if got := [2]string{english.Took(d), korean.Took(d)}; got != want {
			t.Errorf("Took(%v) = %q, want %q", d, got, want)
		}
	}
}
