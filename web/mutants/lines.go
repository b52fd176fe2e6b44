package mutants

import (
	"strconv"
	"strings"
)

// line is a line of a difference, with the class of its colour.
type line struct{ text, class string }

func lines(diff string) []line {
	var all []line
	for text := range strings.Lines(diff) {
		class := "gd"
		if strings.HasPrefix(text, "+") {
			class = "gi"
		}
		all = append(all, line{strings.TrimSuffix(text, "\n"), class})
	}
	return all
}

// anchor is the step's place on the page.
func (s Step) anchor() string { return "step-" + strconv.Itoa(s.Number) }

func (s Step) heading() string { return strconv.Itoa(s.Number) + ". " + s.Title }
