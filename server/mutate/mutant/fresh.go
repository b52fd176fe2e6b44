package mutant

import (
	"slices"
	"strings"
)

// Fresh are the mutants that break a line which the text has, and had not
// before.
func Fresh(all []Mutant, before string) (fresh []Mutant) {
	lines := map[*source]map[int]bool{} // by where they begin
	for _, m := range all {
		if lines[m.source] == nil {
			lines[m.source] = freshLines(before, m.source.text)
		}
		if slices.ContainsFunc(m.edits, func(e edit) bool { return e.breaks(m.source.text, lines[m.source]) }) {
			fresh = append(fresh, m)
		}
	}
	return fresh
}

// breaks reports whether the edit is of one of the lines.
func (e edit) breaks(text string, lines map[int]bool) bool {
	first := strings.LastIndexByte(text[:e.from], '\n') + 1
	for begin := range lines {
		if begin == first || e.from <= begin && begin < e.to {
			return true
		}
	}
	return false
}

// freshLines are where those lines of the text begin that are not among the
// most that it has in common with what was before.
func freshLines(before, text string) map[int]bool {
	old, now := strings.SplitAfter(before, "\n"), strings.SplitAfter(text, "\n")
	common := make([][]int, len(old)+1) // how many lines the rests have in common
	for i := range common {
		common[i] = make([]int, len(now)+1)
	}
	for i := len(old) - 1; i >= 0; i-- {
		for j := len(now) - 1; j >= 0; j-- {
			if common[i][j] = max(common[i+1][j], common[i][j+1]); old[i] == now[j] {
				common[i][j] = 1 + common[i+1][j+1]
			}
		}
	}
	fresh := map[int]bool{}
	for i, j, at := 0, 0, 0; j < len(now); {
		switch {
		case i < len(old) && old[i] == now[j]:
			i, at, j = i+1, at+len(now[j]), j+1
		case i < len(old) && common[i+1][j] >= common[i][j+1]:
			i++
		default:
			fresh[at] = true
			at, j = at+len(now[j]), j+1
		}
	}
	return fresh
}
