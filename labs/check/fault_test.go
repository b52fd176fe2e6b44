package check_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cnalab/labs"
	"cnalab/labs/check"
	"cnalab/labs/check/checktest"
)

func init() {
	checktest.Subjects["fault: broken and disagrees"] = func(c *check.C) {
		c.Fault("kafka").Pause()
		c.NotYet(check.Finding{Say: "No."})
	}
	checktest.Subjects["fault: broken and agrees"] = func(c *check.C) { c.Fault("kafka").Kill() }
}

func TestFaultsTravelByName(t *testing.T) {
	s := newStage(t, part{Name: "order", State: "running"})
	t.Run("a check", func(t *testing.T) {
		f := check.New(t).Fault("order")
		f.Slow(200 * time.Millisecond)
		f.Stop()
		f.Heal()
		f.Restart()
	})
	want := []string{
		"/fault order slow 200ms", "/fault order stop", "/heal order", "/fault order restart", "/heal order",
	}
	if diff := cmp.Diff(want, s.saw()); diff != "" {
		t.Error(diff)
	}
}

func TestFaultIsHealedWhenTheCheckDisagrees(t *testing.T) {
	s := newStage(t, part{Name: "kafka", State: "running"})
	if got := checktest.Result(t, "fault: broken and disagrees"); got.Verdict != labs.NotYet {
		t.Errorf("got %+v", got)
	}
	if diff := cmp.Diff([]string{"/fault kafka pause", "/heal kafka"}, s.saw()); diff != "" {
		t.Error(diff)
	}
}

func TestPartThatDoesNotComeBackProvesNothing(t *testing.T) {
	s := newStage(t, part{Name: "kafka", State: "running"})
	s.refuse("/heal")
	got := checktest.Result(t, "fault: broken and agrees")
	if got.Verdict != labs.CouldNotCheck || got.Output != "It is broken. Wait.\nfirst line\nlast line" {
		t.Errorf("got %+v", got)
	}
}

func TestFaultThatCannotBeMadeProvesNothing(t *testing.T) {
	s := newStage(t, part{Name: "kafka", State: "running"})
	s.refuse("/fault")
	got := checktest.Result(t, "fault: broken and agrees")
	if got.Verdict != labs.CouldNotCheck || got.Say != "The sandbox could not kill kafka." {
		t.Errorf("got %+v", got)
	}
	if diff := cmp.Diff([]string{"/heal kafka"}, s.saw()); diff != "" {
		t.Error(diff)
	}
}

func TestFaultWithoutASandboxProvesNothing(t *testing.T) {
	t.Setenv(labs.EnvControl, "")
	if got := checktest.Result(t, "fault: broken and agrees"); got.Say != "There is no open sandbox to check in." {
		t.Errorf("got %+v", got)
	}
}
