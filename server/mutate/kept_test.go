package mutate

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestReportsAreKeptByStep(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "mutants")
	if got, err := Kept(dir, "010-greeting"); err != nil || len(got.Steps) != 0 {
		t.Fatalf("never tried: %+v, %v", got, err)
	}
	step := func(number int, id string) Step {
		return Step{Number: number, Tried: time.Unix(1_800_000_000, 0).UTC(), All: 9, Results: []Result{{ID: id, Outcome: Caught, By: "TestStep"}}}
	}
	keep := func(steps ...Step) {
		if err := Keep(dir, Report{Lab: "010-greeting", Steps: steps}); err != nil {
			t.Fatal(err)
		}
	}
	keep(step(1, "old"), step(3, "three"))
	keep(step(2, "two"), step(1, "new"))
	want := Report{Lab: "010-greeting", Steps: []Step{step(1, "new"), step(2, "two"), step(3, "three")}}
	if got, err := Kept(dir, "010-greeting"); err != nil || !cmp.Equal(want, got) {
		t.Errorf("kept (-want +got), %v:\n%s", err, cmp.Diff(want, got))
	}
	if err := os.WriteFile(filepath.Join(dir, "010-greeting.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Kept(dir, "010-greeting"); err == nil {
		t.Error("half a file is read as none")
	}
	keep(step(1, "again"))
	if got, err := Kept(dir, "010-greeting"); err != nil || len(got.Steps) != 1 {
		t.Errorf("after half a file: %+v, %v", got, err)
	}
}
