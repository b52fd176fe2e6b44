// Package report writes what checks found: as text for a terminal, as JSON, and
// as JUnit's XML for CI servers. It knows nothing of how they were checked.
package report

import (
	"encoding/json"
	"io"

	"cnalab/labs"
)

// JSON writes one report as an object, and several as a list.
func JSON(w io.Writer, reports []labs.Report) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if len(reports) == 1 {
		return encoder.Encode(reports[0])
	}
	if reports == nil {
		reports = []labs.Report{}
	}
	return encoder.Encode(reports)
}

// titleOf is what a check is called where people read.
func (l labels) titleOf(c labs.CheckReport) string {
	switch {
	case c.Title != "":
		return c.Title
	case c.Name != "":
		return c.Name
	}
	return l.theStep
}
