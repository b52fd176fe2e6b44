package check

import (
	"testing"

	"cnalab/labs"
)

func init() {
	subjects["logs: shown where a wait is in vain"] = func(c *C) {
		c.AwaitServices(0, func() *Finding { return &Finding{Say: "No answer."} }, "order")
	}
}

func TestLinesOfSlogAreReadable(t *testing.T) {
	tests := map[string]string{
		`{"time":"2026-11-22T21:00:55.537330024Z","level":"INFO","msg":"serve","service":"order","address":"127.0.0.1:26941"}`: "21:00:55.537 serve address=127.0.0.1:26941",
		`{"level":"ERROR","msg":"relay","err":"connection refused"}`:                                                           "relay err=connection refused",
		"panic: runtime error": "panic: runtime error",
		`{"id":"e-1"}`:         `{"id":"e-1"}`,
	}
	for line, want := range tests {
		if got := readable(line); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestOnlyLinesSinceTheCheckBeganAreShown(t *testing.T) {
	newStage(t, part{Name: "order", State: "running"})
	got := said(t, "logs: shown where a wait is in vain")
	if got.Verdict != labs.NotYet || got.Output != "order:\n  last line" {
		t.Errorf("got %+v", got)
	}
}
