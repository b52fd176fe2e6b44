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
	subjects["await: comes or not"] = func(c *C) {
		looks := 0
		comes := c.Within(5*time.Second, func() bool { looks++; return looks > 3 })
		if !comes || c.Within(20*time.Millisecond, func() bool { return false }) {
			c.NotYet(Finding{Say: "Within is wrong."})
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
			got := said(t, test.subject)
			if got.Verdict != test.want || got.Say != test.say {
				t.Errorf("got %+v", got)
			}
		})
	}
}

func TestPatienceIsShortForWhatWasSaidBefore(t *testing.T) {
	const say = "This was waited for in vain."
	tests := map[string]struct {
		said bool
		look time.Duration
		want time.Duration
	}{
		"the first time":           {false, time.Millisecond, 8*time.Second + 30*time.Millisecond},
		"on a busy machine":        {false, time.Second, 24 * time.Second},
		"again":                    {true, time.Millisecond, repeated + 30*time.Millisecond},
		"again, on a busy machine": {true, time.Second, 3 * repeated},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			waitedInVain.Delete(say)
			if test.said {
				waitedInVain.Store(say, true)
			}
			if got := patience(8*time.Second, say, test.look); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
	waitedInVain.Delete(say)
}
