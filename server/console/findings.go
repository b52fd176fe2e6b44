package console

import (
	"fmt"
	"io"
	"text/tabwriter"

	"cnalab/server/doctor"
)

// symbols stand before each line, so that a fault is found at a glance.
var symbols = map[doctor.State]string{doctor.Good: "✓", doctor.Missing: "✗", doctor.Lacking: "!", doctor.Note: "·"}

// Findings writes a line for each finding, with its fix on the next.
func Findings(w io.Writer, findings []doctor.Finding) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, f := range findings {
		fmt.Fprintf(table, "%s %s\t%s\n", symbols[f.State], f.Name, f.Say)
		if f.Fix != "" {
			fmt.Fprintf(table, "\t→ %s\n", f.Fix)
		}
	}
	if err := table.Flush(); err != nil {
		return fmt.Errorf("write what was found: %w", err)
	}
	return nil
}
