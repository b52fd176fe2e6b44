package mutate

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// What a sample leaves out says nothing of its reason; what is no mutant at
// all is stale whatever is tried.
func TestSample(t *testing.T) {
	lab := newLab(t, map[string]string{
		"solution/01/hello/main.go": greets,
		"checks/testdata/equal/01.yaml": "- mutant: '" + bowed + "'\n  reason: Nobody is greeted without a name.\n" +
			"- mutant: 'hello/main.go main: never there'\n  reason: It was once.\n",
	})
	tried := func(seed string) []string {
		c := config(t)
		c.Sample = Sample{Size: 2, Seed: seed}
		report, err := Lab(t.Context(), c, lab, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(report.Steps[0].Stale, "\n"); got != "hello/main.go main: never there" {
			t.Errorf("seed %s: stale reasons:\n%s", seed, got)
		}
		var ids []string
		for _, r := range report.Steps[0].Results {
			ids = append(ids, r.ID)
		}
		return ids
	}
	first := tried("a")
	if again := tried("a"); len(first) != 2 || !slices.Equal(first, again) {
		t.Errorf("the same seed chooses %q, then %q", first, again)
	}
}

func TestEachMutantIsChosenBySomeSeed(t *testing.T) {
	s := &stepRun{Config: config(t), lab: newLab(t, map[string]string{"solution/01/hello/main.go": greets}), number: 1}
	if err := s.read(t.Context()); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for seed := range 200 {
		for _, m := range (Sample{Size: 3, Seed: strconv.Itoa(seed)}).of(s.all) {
			seen[m.ID()] = true
		}
	}
	if len(seen) != len(s.all) || len(s.all) < 6 {
		t.Errorf("of %d mutants %d were chosen: %q", len(s.all), len(seen), slices.Sorted(maps.Keys(seen)))
	}
}

// A function that a step changes was broken with the step that wrote it, but
// for the lines that are new.
func TestOldLinesAreNotBrokenAgain(t *testing.T) {
	old := strings.Replace(greets, "len(os.Args) < 2", "len(os.Args) == 1", 1)
	s := &stepRun{Config: config(t), number: 1, lab: newLab(t, map[string]string{
		"workspace/hello/main.go": old, "solution/01/hello/main.go": greets,
	})}
	if err := s.read(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, m := range s.all {
		if m.Func != "main" || !strings.Contains(m.Before, "len(os.Args) < 2") && m.Before != "2" {
			t.Errorf("%s is broken again", m.ID())
		}
	}
	if len(s.all) < 3 {
		t.Errorf("found %d mutants", len(s.all))
	}
}
