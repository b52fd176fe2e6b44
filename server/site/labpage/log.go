package labpage

import (
	"slices"

	webl "cnalab/web/lab"
)

// shownLines is how many lines of each part a page begins with.
const shownLines = 200

// Log is the last lines of all parts, by time.
func (v *View) Log() webl.Log {
	log := webl.Log{None: len(v.lab.Parts) == 0}
	for _, part := range v.status.Parts {
		log.Parts = append(log.Parts, part.Name)
		for _, line := range v.session.Log(part.Name, shownLines) {
			log.Lines = append(log.Lines, webl.Line{Part: line.Part, Time: line.Time, Text: line.Text})
		}
	}
	slices.SortStableFunc(log.Lines, func(a, b webl.Line) int { return a.Time.Compare(b.Time) })
	return log
}
