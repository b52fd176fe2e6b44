package main

import (
	"fmt"
	"io"
	"text/tabwriter"

	"cnalab/server/console"
	"cnalab/server/prove"
)

// writeTrial writes how one trial of a proof came out.
func writeTrial(w io.Writer, t prove.Trial) {
	verdict := string(t.Report.Verdict)
	if t.Report.Verdict != t.Want {
		verdict += ", wanted " + string(t.Want)
	}
	fmt.Fprintf(w, "  step %d  %-24s %s  %s\n", t.Step, t.Name, verdict, console.Duration(t.Took))
}

// writeFailures writes what broke a proof.
func writeFailures(w io.Writer, r prove.Result) {
	for _, failure := range r.Failures {
		fmt.Fprintln(w, console.Indent(failure))
	}
}

// writeProofs writes a line for each lab.
func writeProofs(w io.Writer, results []prove.Result) error {
	fmt.Fprintln(w)
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, r := range results {
		verdict := "proved"
		if n := len(r.Failures); n > 0 {
			verdict = console.Count(n, "trial came out otherwise", "trials came out otherwise")
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", r.Lab, console.Count(len(r.Trials), "trial", "trials"), verdict, console.Duration(r.Took))
	}
	if err := table.Flush(); err != nil {
		return fmt.Errorf("write the proofs: %w", err)
	}
	return nil
}
