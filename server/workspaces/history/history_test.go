package history

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// Changes are in the order in which they were made, whatever the clock said: also
// after those of an earlier version, which were named by it.
func TestOrderIsNoClock(t *testing.T) {
	h := New(t.TempDir())
	later := time.Now().AddDate(900, 0, 0).UTC().Format(moment)
	if err := os.MkdirAll(filepath.Join(h.Dir(), later, "files"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(h.Dir(), later, "change.json"), []byte(`{"what":"of an earlier version"}`), 0o644); err != nil {
		t.Fatal(err)
	}
	if last, err := h.Undoable(); err != nil || last.What != "of an earlier version" {
		t.Fatalf("%+v, %v", last, err)
	}
	for i := range kept + 5 {
		what := fmt.Sprint("change ", i)
		if err := h.Remember(what, "", map[string][]byte{"a.go": []byte(what), "b.go": nil}); err != nil {
			t.Fatal(err)
		}
		last, err := h.Undoable()
		if err != nil || last.What != what || string(last.Before["a.go"]) != what || len(last.Before) != 2 {
			t.Fatalf("after %s: %+v, %v", what, last, err)
		}
	}
	names := h.changes()
	if len(names) != kept || names[0] != fmt.Sprintf(numbered, 6) {
		t.Errorf("%d changes are kept, the first of them %s", len(names), names[0])
	}
}
