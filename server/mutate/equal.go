package mutate

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/goccy/go-yaml"

	"cnalab/labs"
)

// equalFile is where the reasons of a step's mutants that are no faults stand.
func equalFile(lab *labs.Lab, step int) string {
	return filepath.Join(lab.Dir, "checks", "testdata", "equal", fmt.Sprintf("%02d.yaml", step))
}

// reasons reads why some mutants are no faults, by their names.
func reasons(lab *labs.Lab, step int) (map[string]string, error) {
	text, err := os.ReadFile(equalFile(lab, step))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var list []struct{ Mutant, Reason string }
	if err := yaml.Unmarshal(text, &list); err != nil {
		return nil, &labs.Problem{Kind: labs.BadInput, Say: fmt.Sprintf("%s cannot be read.", filepath.ToSlash(equalFile(lab, step))),
			Next: "Write a list of mutant and reason.", Detail: err.Error()}
	}
	all := map[string]string{}
	for _, each := range list {
		if each.Mutant == "" || each.Reason == "" {
			return nil, &labs.Problem{Kind: labs.BadInput, Say: fmt.Sprintf("%s has an entry without a mutant or a reason.", filepath.ToSlash(equalFile(lab, step))),
				Next: "Say of each mutant why it is no fault."}
		}
		all[each.Mutant] = each.Reason
	}
	return all, nil
}

// stale are reasons for what is no mutant, or is caught. What was not tried may
// still be let pass.
func (s *stepRun) stale() []string {
	left := maps.Clone(s.equal)
	tried := map[string]bool{}
	for _, m := range s.mutants {
		tried[m.ID()] = true
	}
	for _, m := range s.all {
		if !tried[m.ID()] {
			delete(left, m.ID())
		}
	}
	for _, r := range s.results {
		if r.Outcome == Equal {
			delete(left, r.ID)
		}
	}
	return slices.Sorted(maps.Keys(left))
}
