package check

import (
	"cmp"
	"crypto/rand"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"
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
	if data, err := os.ReadFile(file); err == nil && json.Unmarshal(data, &packages) == nil {
		touch(file)
		return packages
	}
	packages = m.read(m.list())
	data, err := json.Marshal(packages)
	m.c.Must(err, "The check cannot keep what it read.")
	if m.files.Hash() != m.hash {
		m.moved()
	}
	temporary := file + "." + rand.Text()
	if os.WriteFile(temporary, data, 0o600) == nil {
		_ = os.Rename(temporary, file) // where it cannot be kept it is read again
	}
	return packages
}

// moved ends the check: the learner, or an editor, wrote while it looked.
func (m *Module) moved() {
	m.c.Helper()
	m.c.CouldNotCheck(Finding{Say: "Your files changed while they were being checked.", Next: "Check again."})
}

// kept is where something built from the learner's code is kept.
func (m *Module) kept(name string) string {
	m.c.Helper()
	dir := filepath.Join(m.c.Cache(), "learner-"+layout+"-"+runtime.Version())
	m.c.Must(os.MkdirAll(dir, 0o755), "The cache folder cannot be written.")
	prune(dir)
	return filepath.Join(dir, name)
}

// touch marks a kept file as used.
func touch(file string) {
	now := time.Now()
	_ = os.Chtimes(file, now, now)
}

// prune removes what was not used for longest.
func prune(dir string) {
	entries, _ := os.ReadDir(dir)
	if len(entries) <= keep {
		return
	}
	age := map[string]time.Time{}
	for _, entry := range entries {
		if info, err := entry.Info(); err == nil {
			age[entry.Name()] = info.ModTime()
		}
	}
	slices.SortFunc(entries, func(a, b os.DirEntry) int {
		return cmp.Compare(age[b.Name()].UnixNano(), age[a.Name()].UnixNano())
	})
	for _, entry := range entries[keep:] {
		_ = os.Remove(filepath.Join(dir, entry.Name()))
	}
}
