// Package mutant breaks a Go module on purpose, one small way at a time, as a
// learner might: each Mutant is one fault that compiles, an edit of one file.
// The idea is that of mutation analysis (DeMillo, Lipton and Sayward, 1978);
// mutants of a model solution stand in for the mistakes of learners (Clegg,
// McMinn and Fraser, SIGCSE 2021). It knows nothing of labs and checks, nor of
// who runs what it breaks.
package mutant

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Mutant is one fault.
type Mutant struct {
	File   string // below the module, with slashes
	Func   string // whose fault it is: "Place", "Order.Ship"; empty outside of functions
	Line   int
	Kind   string // "condition negated"
	Before string // the text that is replaced
	After  string // what is there instead; may be empty

	nth      int // of those that read the same, from 1
	source   *source
	edits    []edit
	imports  []edit    // of a Go file, which take out what nothing uses any more
	pkg      string    // the package's name, of a Go file
	function *function // nil elsewhere
}

// ID names the mutant by what it is and not by where, so that it stays the
// same while lines above it come and go.
func (m Mutant) ID() string {
	where, nth := m.File, ""
	if m.Func != "" {
		where += " " + m.Func
	}
	if m.nth > 1 {
		nth = fmt.Sprintf(" (%d)", m.nth)
	}
	return fmt.Sprintf("%s: %s: %s → %s%s", where, m.Kind, oneLine(m.Before), cmp.Or(oneLine(m.After), "nothing"), nth)
}

// oneLine is a text without line breaks and indentation.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// edit replaces a range of a file, from and to counted in bytes.
type edit struct {
	from, to int
	text     string
}

// apply makes the edits, which do not overlap, in a text that starts at the
// offset base of its file.
func apply(text string, base int, edits []edit) string {
	sorted := slices.SortedFunc(slices.Values(edits), func(a, b edit) int { return cmp.Compare(a.from, b.from) })
	var b strings.Builder
	at := 0
	for _, e := range sorted {
		b.WriteString(text[at : e.from-base])
		b.WriteString(e.text)
		at = e.to - base
	}
	b.WriteString(text[at:])
	return b.String()
}

// unique are the mutants whose text is valid and no other's.
func unique(found []Mutant, valid func(string) bool) (good []Mutant) {
	texts := map[string]bool{}
	for _, m := range found {
		text := apply(m.source.text, 0, m.edits)
		if text != m.source.text && !texts[text] && valid(text) {
			texts[text] = true
			good = append(good, m)
		}
	}
	return good
}

// numbered gives those that read the same different names.
func numbered(all []Mutant) []Mutant {
	same := map[string]int{}
	for i := range all {
		id := all[i].ID()
		same[id]++
		all[i].nth = same[id]
	}
	return all
}
