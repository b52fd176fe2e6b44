// Package testbedtest has what tests try answers with: a real grader, and
// folders that have to be empty afterwards. It knows nothing of what is tried.
package testbedtest

import (
	"os"
	"path/filepath"
	"testing"

	"cnalab/server/grade"
	"cnalab/server/sandbox"
	"cnalab/server/testbed"
)

// grader and its cache are shared, so that the checks are compiled once.
var grader *grade.Grader

// Main runs a package's tests, two folders below the project's root, and
// returns their exit code.
func Main(m *testing.M) int {
	cache, err := os.MkdirTemp("", "testbed-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(cache)
	root, _ := filepath.Abs("../..")
	grader = grade.New(grade.Config{Root: root, Cache: cache})
	defer grader.Close()
	return m.Run()
}

// Config is what answers are tried with; the test fails where something is left
// behind.
func Config(t *testing.T, provider sandbox.Provider) testbed.Config {
	t.Helper()
	temp := t.TempDir()
	t.Cleanup(func() {
		if left, _ := os.ReadDir(temp); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	})
	module := func(string) ([]byte, []byte, error) { return []byte("module shop\n\ngo 1.26\n"), nil, nil }
	return testbed.Config{Provider: provider, Grader: grader, Temp: temp, Module: module}
}
