package lab

import (
	"html"
	"regexp"
	"strings"
)

// placed is a line of output, taken apart where it begins with a place in the
// workspace.
type placed struct {
	at   string // "order/outbox.go:41:17"
	rest string // what comes after it, with the line's end
}

// placeOf finds what a compiler writes: a file below the workspace, its line
// and perhaps the column. An absolute path is somebody else's file.
var placeOf = regexp.MustCompile(`^(?:\./)?([\w-][\w./-]*\.go:\d+(?::\d+)?)(:.*)$`)

// linkPlaces is the lines as HTML in which each place is a link.
func linkPlaces(at At, lines string) string {
	var b strings.Builder
	for _, l := range places(lines) {
		if l.at != "" {
			path, line := spot(l.at)
			b.WriteString(`<a class="file-link" href="` + html.EscapeString(string(at.file(path))) + `" data-file="` + html.EscapeString(path) +
				`" data-line="` + line + `">` + html.EscapeString(l.at) + `</a>`)
		}
		b.WriteString(html.EscapeString(l.rest))
	}
	return b.String()
}

func places(lines string) (all []placed) {
	for line := range strings.Lines(lines) {
		body := strings.TrimRight(line, "\n")
		if found := placeOf.FindStringSubmatch(body); found != nil {
			all = append(all, placed{at: found[1], rest: found[2] + line[len(body):]})
		} else {
			all = append(all, placed{rest: line})
		}
	}
	return all
}
