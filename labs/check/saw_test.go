package check_test

import (
	"testing"

	"cnalab/labs"
	"cnalab/labs/check"
	"cnalab/labs/check/checktest"
)

func TestSubject(t *testing.T) { checktest.RunSubject(t) }

func init() {
	checktest.Subjects["seen and passed"] = func(c *check.C) { c.Saw(check.Finding{Say: "It took 2 ms.", Output: "a picture"}) }
}

func TestSawIsSaidAndPasses(t *testing.T) {
	if got := checktest.Result(t, "seen and passed"); got.Verdict != labs.Passed || got.Say != "It took 2 ms." || got.Output != "a picture" {
		t.Errorf("got %+v", got)
	}
}
