package words

import (
	"context"
	"reflect"
	"testing"
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
