package grade

import (
	"testing"
	"time"

	"cnalab/labs"
	"cnalab/labs/check"
	"cnalab/labs/process"
)

// A check that is at something slow is shown with what it does, and is given
// the time that it asks for.
func TestSlowWorkIsToldAndHasItsTime(t *testing.T) {
	var told []labs.CheckReport
	g := &Grader{config: Config{Limits: Limits{Check: time.Minute}.withDefaults()}}
	p := &pass{
		runner: &runner{grader: g, Run: Run{Events: func(_ int, c labs.CheckReport) { told = append(told, c) }}},
		checks: map[string]*labs.CheckReport{"TestStep01_Builds": {Name: "TestStep01_Builds", Title: "Builds."}},
		ended:  map[string]bool{}, open: map[string]*running{},
	}
	p.parse(event{Action: "run", Test: "TestStep01_Builds"})
	p.open["TestStep01_Builds"].since = time.Now().Add(-2 * time.Minute)
	if why := p.overBounds(&process.Tree{}); why == nil {
		t.Fatal("a check that takes too long goes on")
	}
	p.parse(event{Action: "attr", Test: "TestStep01_Builds", Key: check.WorkAttribute, Value: `{"say":"The check builds the image.","more":300000000000}`})
	if why := p.overBounds(&process.Tree{}); why != nil {
		t.Errorf("it was stopped: %s", why.Say)
	}
	last := told[len(told)-1]
	if last.Verdict != "" || last.Say != "The check builds the image." || last.Title != "Builds." {
		t.Errorf("told: %+v", last)
	}
}
