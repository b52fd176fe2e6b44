package gomod

import (
	"os"
	"path/filepath"
	"time"

	"cnalab/labs"
)

// A loop that does not end is met by check after check. The first of a run has
// waited for it as long as a busy machine may need; the others do not again.

// within is how long an answer may take.
func (m *Module) within() time.Duration {
	within := m.Within
	if within == 0 {
		within = answerTimeout
	}
	if file := m.lateFile(); file != "" {
		if _, err := os.Stat(file); err == nil {
			return min(within, againTimeout)
		}
	}
	return within
}

// late notes that the code has not answered in time.
func (m *Module) late() {
	if file := m.lateFile(); file != "" {
		_ = os.WriteFile(file, nil, 0o600) // without it the next check waits as long
	}
}

// lateFile is there once a check of this run has waited in vain; it has no name
// outside of a run.
func (m *Module) lateFile() string {
	run := os.Getenv(labs.EnvRun)
	if run == "" {
		return ""
	}
	return m.kept("late-" + filepath.Base(run))
}
