package gomod

import (
	"crypto/rand"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"

	"cnalab/labs/cache"
	"cnalab/labs/check"
)

// keep is how many things are kept of those built from the learner's code:
// enough for a lab's steps over some of the last edits.
const keep = 60

// layout changes when what is kept under a hash means something else.
const layout = "2"

// remembered returns the module's packages, read once for each content of the
// workspace. A module that does not compile is not remembered: the cause may
// lie outside of it.
func (m *Module) remembered() []Package {
	m.c.Helper()
	file := m.kept("module-" + m.hash + ".json")
	var packages []Package
	if cache.Kept(file) {
		if data, err := os.ReadFile(file); err == nil && json.Unmarshal(data, &packages) == nil {
			return packages
		}
	}
	packages = m.read(m.list())
	data, err := json.Marshal(packages)
	m.c.Must(err, "The check cannot keep what it read.")
	if m.files.Hash() != m.hash {
		m.moved()
	}
	temporary := file + "." + rand.Text()
	if os.WriteFile(temporary, data, 0o600) == nil {
		_ = cache.Keep(temporary, file) // where it cannot be kept it is read again
	}
	return packages
}

// moved ends the check: the learner, or an editor, wrote while it looked.
func (m *Module) moved() {
	m.c.Helper()
	m.c.CouldNotCheck(check.Finding{Say: "Your files changed while they were being checked.", Next: "Check again."})
}

// kept is where something built from the learner's code is kept.
func (m *Module) kept(name string) string {
	m.c.Helper()
	dir := filepath.Join(m.c.Cache(), "learner-"+layout+"-"+runtime.Version())
	m.c.Must(os.MkdirAll(dir, 0o755), "The cache folder cannot be written.")
	cache.Prune(dir, "*", keep, "")
	return filepath.Join(dir, name)
}
