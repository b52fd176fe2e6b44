package gomod

import (
	"path/filepath"
	"strings"
	"testing"

	"cnalab/labs"
	"cnalab/labs/check/checktest"
	"cnalab/labs/labtest/intruder"
	"cnalab/labs/process"
)

// What the judge has is out of reach of the code that it asks: its environment,
// its memory, its files, and those of others. What another account makes of this
// is tested where programs are started, in proc.
func TestTheJudgeIsOutOfReach(t *testing.T) {
	intruder.NeedsIsolation(t)
	data := filepath.Join(t.TempDir(), "data")
	intruder.Data(t, data)
	workspace(t, with(map[string]string{"order/order.go": "package order\n\nfunc Ask(n int) int { return n }\n"}, "order/intruder.go", intruder.Source("order", data)))
	t.Setenv(labs.EnvCache, filepath.Join(data, "cache", "built"))
	t.Setenv(labs.EnvHides, data)
	t.Setenv(labs.EnvControl, "http://"+intruder.Secret+"@127.0.0.1:9")
	t.Setenv("GITHUB_TOKEN", intruder.Secret)
	t.Setenv("KAFKA", "127.0.0.1:9")
	t.Setenv(labs.EnvPassEnvironment, "KAFKA "+labs.EnvControl)
	got := checktest.Result(t, "a child")
	if got.Verdict != labs.NotYet || got.Say != "Ask is wrong." || strings.Contains(got.Output, intruder.Reached) {
		t.Errorf("%s: %s\n%s", got.Verdict, got.Say, got.Output)
	}
	intruder.Unchanged(t, data)
	// Where nothing keeps it away it does all that, so that this test can fail.
	t.Setenv(process.EnvLevel, string(process.NotIsolated))
	if got := checktest.Result(t, "a child"); !strings.Contains(got.Output, intruder.Reached) {
		t.Errorf("not isolated: %s\n%s", got.Say, got.Output)
	}
}
