package mutant

import (
	"path"
	"regexp"
	"slices"
	"strings"
)

// source is a text file that is broken.
type source struct {
	name string // below the workspace, with slashes
	text string
}

// usesHelper finds a call of one of the helper's functions.
var usesHelper = regexp.MustCompile(`\b(` + freshName + `|` + laterName + `)\(`)

// Files are the files that differ with a mutant, by path below the workspace,
// as somebody would have written them.
func (m Mutant) Files() map[string]string {
	files := map[string]string{m.File: apply(m.source.text, 0, append(m.edits[:len(m.edits):len(m.edits)], m.imports...))}
	if slices.ContainsFunc(m.edits, func(e edit) bool { return usesHelper.MatchString(e.text) }) {
		files[path.Join(path.Dir(m.File), helperFile)] = helperText(m.pkg, "")
	}
	return files
}

// Diff are the lines that differ with a mutant, with their signs.
func (m Mutant) Diff() string {
	before, after := strings.Split(m.source.text, "\n"), strings.Split(apply(m.source.text, 0, m.edits), "\n")
	for len(before) > 0 && len(after) > 0 && before[0] == after[0] {
		before, after = before[1:], after[1:]
	}
	for len(before) > 0 && len(after) > 0 && before[len(before)-1] == after[len(after)-1] {
		before, after = before[:len(before)-1], after[:len(after)-1]
	}
	var b strings.Builder
	for _, line := range before {
		b.WriteString("-" + line + "\n")
	}
	for _, line := range after {
		b.WriteString("+" + line + "\n")
	}
	return b.String()
}
