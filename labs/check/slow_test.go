package check_test

import (
	"context"
	"testing"
	"time"

	"cnalab/labs"
	"cnalab/labs/check"
	"cnalab/labs/check/checktest"
)

func init() {
	checktest.Subjects["slow work"] = func(c *check.C) {
		before, _ := c.Context.Deadline()
		bounded := false
		c.Slow(time.Minute, check.Finding{Say: "It takes long."}, func(ctx context.Context) {
			_, bounded = ctx.Deadline()
			time.Sleep(2200 * time.Millisecond)
		})
		if after, _ := c.Context.Deadline(); after.Sub(before) < 2*time.Second || !bounded {
			c.NotYet(check.Finding{Say: "The check has no more time than before.", Got: after.Sub(before)})
		}
	}
	checktest.Subjects["quick work"] = func(c *check.C) {
		before := c.Context
		c.Slow(time.Minute, check.Finding{}, func(context.Context) {})
		if c.Context != before {
			c.NotYet(check.Finding{Say: "The check has another end."})
		}
	}
}

func TestTimeOfSlowWorkIsNotTheCheckS(t *testing.T) {
	for _, subject := range []string{"slow work", "quick work"} {
		if got := checktest.Result(t, subject); got.Verdict != labs.Passed {
			t.Errorf("%s: got %+v", subject, got)
		}
	}
}
