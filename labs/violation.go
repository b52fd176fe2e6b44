package labs

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Violation is one broken rule of a lab's folder, told so that an author can
// mend it without looking the rule up.
type Violation struct {
	File  string // slash path with the lab's folder in front: "040-event-driven/lab.yaml"
	Line  int    // from 1; 0 where the whole file is meant
	Value string // what was found there; empty where something is missing
	Rule  string // what should be true
	Fix   string // what to do about it
}

// String puts everything on one line, in the form editors can jump to.
func (v Violation) String() string {
	where := v.File
	if v.Line > 0 {
		where = fmt.Sprintf("%s:%d", v.File, v.Line)
	}
	if v.Value != "" {
		return fmt.Sprintf("%s: %q: %s. %s", where, v.Value, v.Rule, v.Fix)
	}
	return fmt.Sprintf("%s: %s. %s", where, v.Rule, v.Fix)
}

// SortViolations returns the violations by file and line, each once.
func SortViolations(all []Violation) []Violation {
	slices.SortFunc(all, func(a, b Violation) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line),
			cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Value, b.Value))
	})
	return slices.Compact(all)
}

// Sentence is what another program said, as a violation's fix.
func Sentence(words string) string {
	if words == "" {
		return "."
	}
	return strings.ToUpper(words[:1]) + words[1:] + "."
}
