package report

import (
	"fmt"
	"io"
	"strings"

	"cnalab/labs"
)

// symbols are those of verdicts on the pages, too.
var symbols = map[labs.Verdict]string{labs.Passed: "✓", labs.NotYet: "◐", labs.CouldNotCheck: "◇"}

// widest is how wide a column of got and want may be before they stand one
// below the other.
const widest = 48

// Text writes the reports for a person's terminal.
func Text(w io.Writer, reports []labs.Report) error { return english.text(w, reports) }

// TextIn is Text with its own words in a language.
func TextIn(language string) func(w io.Writer, reports []labs.Report) error {
	return labelsIn(language).text
}

func (l labels) text(w io.Writer, reports []labs.Report) error {
	out := &strings.Builder{}
	for i, r := range reports {
		if i > 0 {
			fmt.Fprintln(out)
		}
		fmt.Fprintf(out, "%s %s: %s\n", symbols[r.Verdict], r.Lab, l.verdicts[r.Verdict])
		for _, s := range r.Steps {
			l.writeStep(out, s)
		}
	}
	_, err := io.WriteString(w, strings.Map(labs.Printable, out.String()))
	return err
}

func (l labels) writeStep(w io.Writer, s labs.StepReport) {
	fmt.Fprintf(w, "\n  %d  %s\n", s.Step, strings.TrimSpace(fmt.Sprintf("%s  %s %s", s.Title, symbols[s.Verdict], l.verdicts[s.Verdict])))
	for _, c := range s.Checks {
		title := l.titleOf(c)
		if c.MS > 0 {
			title += "  " + spoken(c.MS)
		}
		fmt.Fprintf(w, "     %s %s\n", symbols[c.Verdict], title)
		if c.Say != "" {
			fmt.Fprintf(w, "       %s\n", c.Say)
		}
		l.writeDetails(w, c, "       ")
	}
	for _, note := range s.Notes {
		fmt.Fprintf(w, "     ! %s\n", note)
	}
}

// writeDetails writes what a check saw, where, what to do, and the output.
func (l labels) writeDetails(w io.Writer, c labs.CheckReport, indent string) {
	for _, line := range l.beside(c.Got, c.Want) {
		fmt.Fprintln(w, indent+line)
	}
	if c.At != "" {
		fmt.Fprintln(w, indent+l.at+c.At)
	}
	if c.Next != "" {
		fmt.Fprintln(w, indent+l.next+c.Next)
	}
	if c.Output != "" {
		for line := range strings.SplitSeq(c.Output, "\n") {
			fmt.Fprintln(w, indent+"│ "+line)
		}
	}
}

// beside puts got and want side by side where they fit, else one below the
// other, and one alone where the other is missing.
func (l labels) beside(got, want string) []string {
	left, right := strings.Split(got, "\n"), strings.Split(want, "\n")
	switch {
	case got == "" && want == "":
		return nil
	case got == "":
		return labelled(l.want, right)
	case want == "":
		return labelled(l.got, left)
	}
	width := 0
	for _, line := range left {
		width = max(width, columns(line))
	}
	var lines []string
	if width > widest {
		return append(labelled(l.got, left), labelled(l.want, right)...)
	}
	for i := range max(len(left), len(right)) {
		one, other := "", ""
		if i < len(left) {
			one = left[i]
		}
		if i < len(right) {
			other = right[i]
		}
		first, second := l.got, l.want
		if i > 0 {
			first, second = blank(first), blank(second)
		}
		pad := strings.Repeat(" ", width-columns(one)+4)
		lines = append(lines, strings.TrimRight(first+one+pad+second+other, " "))
	}
	return lines
}

func labelled(label string, lines []string) []string {
	var all []string
	for i, line := range lines {
		if i > 0 {
			label = blank(label)
		}
		all = append(all, label+line)
	}
	return all
}

// blank is as wide as the text.
func blank(text string) string { return strings.Repeat(" ", columns(text)) }

// spoken is a time as a person says it.
func spoken(ms int64) string {
	if ms < 1000 {
		return fmt.Sprintf("%d ms", ms)
	}
	return fmt.Sprintf("%.1f s", float64(ms)/1000)
}
