// Command bench runs every benchmark of what a learner waits for and prints
// one table: ours, what it is measured against in the same run, the ratio of
// the two and the limit. It knows nothing of what is measured: a benchmark
// reports the metrics "ours", "other", "ratio", "limit" of the ratio, or of
// ours where there is no ratio, and "most" that ours may be; and names its
// unit and its rival in its own name.
package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"text/tabwriter"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// run runs the benchmarks whose names match the first argument, all without one.
func run(args []string) error {
	match := "."
	if len(args) > 0 {
		match = args[0]
	}
	// One package after the other: two at a time would measure each other.
	cmd := exec.Command("go", "test", "-p", "1", "-timeout", "40m", "-run", "^$", "-bench", match, "-benchtime", "1x", "./server/...")
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start go test: %w", err)
	}
	rows, broken := read(out, os.Stderr)
	err = cmd.Wait()
	write(os.Stdout, rows)
	if err != nil {
		os.Stderr.WriteString(broken)
		return fmt.Errorf("run the benchmarks: %w", err)
	}
	return nil
}

// row is one benchmark's outcome, by metric.
type row struct {
	name    string
	metrics map[string]float64
}

// read collects the rows, says each benchmark's name to progress as it ends,
// and returns what is no result beside them.
func read(from io.Reader, progress io.Writer) (rows []row, rest string) {
	var other strings.Builder
	for lines := bufio.NewScanner(from); lines.Scan(); {
		if r, ok := parse(lines.Text()); ok {
			fmt.Fprintln(progress, "measured", r.name)
			rows = append(rows, r)
		} else {
			other.WriteString(lines.Text() + "\n")
		}
	}
	return rows, other.String()
}

// parse reads a line of the format that package testing prints: a name, a
// count, then pairs of a figure and its unit.
func parse(line string) (row, bool) {
	fields := strings.Fields(line)
	if len(fields) < 4 || !strings.HasPrefix(fields[0], "Benchmark") {
		return row{}, false
	}
	name, _, _ := strings.Cut(strings.TrimPrefix(fields[0], "Benchmark"), "-")
	r := row{name: strings.ReplaceAll(name, "_", " "), metrics: map[string]float64{}}
	for i := 2; i+1 < len(fields); i += 2 {
		figure, err := strconv.ParseFloat(fields[i], 64)
		if err != nil {
			return row{}, false
		}
		r.metrics[fields[i+1]] = figure
	}
	return r, true
}

func write(w io.Writer, rows []row) {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "\tours\tother\tratio\tlimit\t")
	for _, r := range rows {
		if _, ok := r.metrics["ours"]; !ok {
			continue
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\n", r.name, r.figure("ours"), r.figure("other"), r.figure("ratio"), r.bound(), r.result())
	}
	table.Flush()
}

func (r row) figure(metric string) string {
	if v, ok := r.metrics[metric]; ok {
		return strconv.FormatFloat(v, 'g', 4, 64)
	}
	return ""
}

// held returns the figure that is held against a limit, and the limit; a
// negative limit is a lower bound.
func (r row) held() (figure, limit float64, ok bool) {
	if most, ok := r.metrics["most"]; ok {
		return r.metrics["ours"], most, true
	}
	limit, ok = r.metrics["limit"]
	if ratio, both := r.metrics["ratio"]; both {
		return ratio, limit, ok
	}
	return r.metrics["ours"], limit, ok
}

func (r row) bound() string {
	_, limit, ok := r.held()
	switch {
	case !ok:
		return ""
	case limit < 0:
		return "≥ " + strconv.FormatFloat(-limit, 'g', 4, 64)
	}
	return "≤ " + strconv.FormatFloat(limit, 'g', 4, 64)
}

// result says whether the row is within its limit.
func (r row) result() string {
	figure, limit, ok := r.held()
	switch {
	case !ok:
		return ""
	case limit < 0 && figure >= -limit || limit >= 0 && figure <= limit:
		return "  ok"
	}
	return "  over"
}
