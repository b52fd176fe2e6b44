package check_test

import (
	"testing"
	"time"

	"cnalab/labs"
	"cnalab/labs/check"
	"cnalab/labs/check/checktest"
)

func init() {
	checktest.Subjects["await: comes"] = func(c *check.C) {
		looks := 0
		c.AwaitServices(5*time.Second, func() *check.Finding {
			if looks++; looks > 3 {
				return nil
			}
			return &check.Finding{Say: "Not there."}
		}, "order")
	}
	checktest.Subjects["await: never comes"] = func(c *check.C) {
		c.AwaitServices(50*time.Millisecond, func() *check.Finding { return &check.Finding{Say: "Not there."} }, "order")
	}
	checktest.Subjects["await: comes or not"] = func(c *check.C) {
		looks := 0
		comes := c.Within(5*time.Second, func() bool { looks++; return looks > 3 })
		if !comes || c.Within(20*time.Millisecond, func() bool { return false }) {
			c.NotYet(check.Finding{Say: "Within is wrong."})
		}
	}
}

func TestAwaitServices(t *testing.T) {
	tests := map[string]struct {
		subject, state string
		want           labs.Verdict
		say            string
	}{
		"comes":                        {"await: comes", "running", labs.Passed, ""},
		"never comes":                  {"await: never comes", "running", labs.NotYet, "Not there."},
		"never comes, as it has died":  {"await: never comes", "crashed", labs.CouldNotCheck, "The service order is down: crashed."},
		"comes or not":                 {"await: comes or not", "running", labs.Passed, ""},
		"comes, and has died after it": {"await: comes", "crashed", labs.Passed, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			newStage(t, part{Name: "order", State: test.state})
			got := checktest.Result(t, test.subject)
			if got.Verdict != test.want || got.Say != test.say {
				t.Errorf("got %+v", got)
			}
		})
	}
}
