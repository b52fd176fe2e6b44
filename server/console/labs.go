package console

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"cnalab/labs"
)

// Labs writes a line for each lab.
func Labs(w io.Writer, all []*labs.Lab) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, lab := range all {
		steps := Count(len(lab.Steps), "step", "steps")
		if lab.Planned {
			steps = "planned"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%d min\t%s\t%s\n", lab.Number, lab.ID, printable(lab.Title), lab.Minutes, steps, strings.Join(lab.Needs(), ", "))
	}
	if err := table.Flush(); err != nil {
		return fmt.Errorf("write the list: %w", err)
	}
	return nil
}

// printable is an author's text as a terminal may be given it.
func printable(text string) string { return strings.Map(labs.Printable, text) }

// Violations writes the broken rules of so many labs.
func Violations(w io.Writer, violations []labs.Violation, looked int) {
	for _, violation := range violations {
		fmt.Fprintln(w, printable(violation.String()))
	}
	if len(violations) > 0 {
		fmt.Fprintf(w, "\n%s in %s.\n", Count(len(violations), "broken rule", "broken rules"), Count(looked, "lab", "labs"))
		return
	}
	fmt.Fprintf(w, "%s, and nothing to mend.\n", Count(looked, "lab", "labs"))
}
