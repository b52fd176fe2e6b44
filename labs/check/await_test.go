package check

import (
	"testing"
	"time"

	"cnalab/labs"
)

func init() {
	subjects["await: comes"] = func(c *C) {
		looks := 0
		c.AwaitServices(5*time.Second, func() *Finding {
			if looks++; looks > 3 {
				return nil
			}
			return &Finding{Say: "Not there."}
		}, "order")
	}
	subjects["await: never comes"] = func(c *C) {
		c.AwaitServices(50*time.Millisecond, func() *Finding { return &Finding{Say: "Not there."} }, "order")
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
		"comes, and has died after it": {"await: comes", "crashed", labs.Passed, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			newStage(t, part{Name: "order", State: test.state})
			got := said(t, test.subject)
			if got.Verdict != test.want || got.Say != test.say {
				t.Errorf("got %+v", got)
			}
		})
	}
}
