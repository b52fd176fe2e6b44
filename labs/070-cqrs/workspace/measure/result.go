package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"time"
)

// result is a row of the file.
type result struct {
	run      string
	reads    float64 // a second
	p50, p95 time.Duration
}

var header = []string{"run", "reads_per_second", "command_p50_ms", "command_p95_ms"}

func (r result) row() []string {
	ms := func(d time.Duration) string { return fmt.Sprintf("%.1f", float64(d.Microseconds())/1000) }
	return []string{r.run, fmt.Sprintf("%.0f", r.reads), ms(r.p50), ms(r.p95)}
}

// write puts the row into the file, in place of an older one of the same run, and prints it.
func (r result) write(file string) error {
	all := [][]string{header}
	if file != "-" {
		rows, err := earlier(file)
		if err != nil {
			return fmt.Errorf("read %s: %w", file, err)
		}
		for _, row := range rows {
			if row[0] != r.run && row[0] != header[0] {
				all = append(all, row)
			}
		}
	}
	all = append(all, r.row())
	order := []string{header[0], "alone", "before", "after"}
	slices.SortStableFunc(all, func(a, b []string) int { return slices.Index(order, a[0]) - slices.Index(order, b[0]) })
	if err := csv.NewWriter(os.Stdout).WriteAll([][]string{header, r.row()}); err != nil || file == "-" {
		return err
	}
	out, err := os.Create(file)
	if err != nil {
		return err
	}
	defer out.Close()
	return csv.NewWriter(out).WriteAll(all)
}

// earlier are the rows of the file, if there is one.
func earlier(file string) ([][]string, error) {
	in, err := os.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer in.Close()
	return csv.NewReader(in).ReadAll()
}
