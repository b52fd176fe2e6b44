package main

import (
	"io"
	"strings"
	"testing"
)

func TestTable(t *testing.T) {
	const out = `goos: linux
BenchmarkCheck_unchanged,_ms-2   1   61.0 ours   52.0 other   1.173 ratio   1.2 limit
BenchmarkPage,_p99_ms-2          1   31.0 ours   20 limit
PASS
`
	rows, rest := read(strings.NewReader(out), io.Discard)
	if len(rows) != 2 || !strings.Contains(rest, "PASS") {
		t.Fatalf("got %d rows and %q, want 2 rows and the rest", len(rows), rest)
	}
	var table strings.Builder
	write(&table, rows)
	for i, want := range []string{"", "Check unchanged, ms    61     52  1.173  ≤ 1.2  ok", "Page, p99 ms    31                 ≤ 20  over"} {
		if got := strings.TrimSpace(strings.Split(table.String(), "\n")[i]); i > 0 && got != want {
			t.Errorf("line %d: got %q, want %q", i, got, want)
		}
	}
}

func TestLowerBound(t *testing.T) {
	for ratio, want := range map[float64]string{25: "  ok", 12: "  over"} {
		r := row{metrics: map[string]float64{"ratio": ratio, "limit": -20}}
		if got := r.result(); got != want {
			t.Errorf("at least 20, got %v: shown %q, want %q", ratio, got, want)
		}
	}
}
