package lab

import (
	"html"
	"regexp"
	"strings"
)

// outputLine is a line of output, taken apart where it begins with a position in
// the workspace.
type outputLine struct {
	position string // "order/outbox.go:41:17"
	rest     string // what comes after it, with the line's end
}

// positionPattern matches what a compiler writes: a file below the workspace, its line
// and perhaps the column. An absolute path is somebody else's file.
var positionPattern = regexp.MustCompile(`^(?:\./)?([\w-][\w./-]*\.go:\d+(?::\d+)?)(:.*)$`)

// linkPositions is the lines as HTML in which each position is a link.
func linkPositions(at At, lines string) string {
	var b strings.Builder
	for _, l := range outputLines(lines) {
		if l.position != "" {
			path, line := splitPosition(l.position)
			b.WriteString(`<a class="file-link" href="` + html.EscapeString(string(at.file(path))) + `" data-file="` + html.EscapeString(path) +
				`" data-line="` + line + `">` + html.EscapeString(l.position) + `</a>`)
		}
		b.WriteString(html.EscapeString(l.rest))
	}
	return b.String()
}

func outputLines(lines string) (all []outputLine) {
	for line := range strings.Lines(lines) {
		body := strings.TrimRight(line, "\n")
		if found := positionPattern.FindStringSubmatch(body); found != nil {
			all = append(all, outputLine{position: found[1], rest: found[2] + line[len(body):]})
		} else {
			all = append(all, outputLine{rest: line})
		}
	}
	return all
}
