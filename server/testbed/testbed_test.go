package testbed_test

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cnalab/labs"
	"cnalab/labs/labtest"
	"cnalab/labs/load"
	"cnalab/server/sandbox/fake"
	"cnalab/server/testbed"
	"cnalab/server/testbed/testbedtest"
)

func TestMain(m *testing.M) { os.Exit(testbedtest.Main(m)) }

// TestReplay shows that each step's commands meet the files of that step, and
// none of a later one, which may want what was not typed yet.
func TestReplay(t *testing.T) {
	_, dir := labtest.New(t)
	lab, broken := load.Lab(dir)
	if lab == nil {
		t.Fatal(broken)
	}
	version := func(text string) labs.Tree { return labs.Tree{"order.yaml": []byte(text)} }
	w, err := testbed.Open(t.Context(), testbedtest.Config(t, &fake.Provider{}), lab, version("3 "))
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	err = w.Replay(t.Context(), []labs.Tree{version("1 "), version("2 "), version("3 ")},
		[]string{"cat order.yaml >> applied", "", "cat order.yaml >> applied"})
	applied, _ := os.ReadFile(w.Dir + "/applied")
	if diff := cmp.Diff("1 3 ", string(applied)); diff != "" || err != nil {
		t.Errorf("%v, applied (-want +got):\n%s", err, diff)
	}
}
