package load

import (
	"strings"

	"cnalab/labs"
)

// parseText takes one step's Markdown apart: the first heading is the title,
// what follows is the body, and each ### below the hints' heading is a hint.
// Lines inside a fenced block are never headings.
func parseText(source string) labs.Text {
	var text labs.Text
	var body, hint []string
	place := &body
	inHints := false
	flush := func() {
		if n := len(text.Hints); inHints && n > 0 {
			text.Hints[n-1].Body = joined(hint)
		}
		hint = nil
	}
	EachLine(source, func(_ int, line string, fenced bool) {
		switch level, words := heading(line); {
		case fenced || level == 0:
			*place = append(*place, line)
		case level == 1 && text.Title == "":
			text.Title = words
		case level == 2 && isHints(words):
			flush()
			inHints, place = true, &hint
		case level == 3 && inHints:
			flush()
			text.Hints = append(text.Hints, labs.Hint{Title: words})
		default:
			*place = append(*place, line)
		}
	})
	flush()
	text.Body = joined(body)
	text.Commands = commands(source)
	return text
}

// isHints reports whether a second-level heading starts the hints.
func isHints(words string) bool { return words == "Hints" || words == "힌트" }

// heading returns a heading's level and its words, or 0.
func heading(line string) (level int, words string) {
	marks := len(line) - len(strings.TrimLeft(line, "#"))
	if marks == 0 || marks > 6 || !strings.HasPrefix(line[marks:], " ") {
		return 0, ""
	}
	return marks, strings.TrimSpace(line[marks:])
}

// EachLine calls f for each line with its number from 1, and says whether it
// belongs to a fenced block, fences included.
func EachLine(source string, f func(number int, line string, fenced bool)) {
	fence := ""
	for i, line := range strings.Split(strings.ReplaceAll(source, "\r\n", "\n"), "\n") {
		mark := fenceMark(line)
		inside := fence != ""
		switch {
		case !inside && mark != "":
			fence, inside = mark, true
		case inside && strings.HasPrefix(mark, fence) && strings.TrimLeft(strings.TrimSpace(line), mark[:1]) == "":
			fence = ""
		}
		f(i+1, line, inside)
	}
}

// fenceMark returns the run of backticks or tildes that a line starts with,
// where it is long enough to be a fence.
func fenceMark(line string) string {
	line = strings.TrimLeft(line, " ")
	for _, mark := range []string{"`", "~"} {
		run := line[:len(line)-len(strings.TrimLeft(line, mark))]
		if len(run) >= 3 {
			return run
		}
	}
	return ""
}

func joined(lines []string) string { return strings.TrimSpace(strings.Join(lines, "\n")) }
