package check_test

import (
	"testing"

	"cnalab/labs"
	"cnalab/labs/check"
	"cnalab/labs/check/checktest"
)

func init() {
	checktest.Subjects["logs: shown where a wait is in vain"] = func(c *check.C) {
		c.AwaitServices(0, func() *check.Finding { return &check.Finding{Say: "No answer."} }, "order")
	}
}

func TestOnlyLinesSinceTheCheckBeganAreShown(t *testing.T) {
	newStage(t, part{Name: "order", State: "running"})
	got := checktest.Result(t, "logs: shown where a wait is in vain")
	if got.Verdict != labs.NotYet || got.Output != "order:\n  last line" {
		t.Errorf("got %+v", got)
	}
}
