package check

import "strings"

// OutputLines is how many lines of what a program printed a Finding shows.
const OutputLines = 30

// FirstLines returns the first lines of a text, and shows where there were
// more.
func FirstLines(text string, lines int) string {
	all := strings.SplitAfter(text, "\n")
	if len(all) <= lines {
		return text
	}
	return strings.Join(all[:lines], "") + "…"
}

// LastLines returns the last lines of a text, and shows where there were more.
func LastLines(text string, lines int) string {
	all := strings.Split(strings.TrimRight(text, "\n"), "\n")
	if len(all) <= lines {
		return strings.Join(all, "\n")
	}
	return "…\n" + strings.Join(all[len(all)-lines:], "\n")
}
