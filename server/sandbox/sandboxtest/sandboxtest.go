// Package sandboxtest is the contract of sandbox.Provider as a test. Every
// provider passes it; it knows nothing of how one brings its parts up.
package sandboxtest

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"cnalab/server/sandbox"
)

// Options is what the contract has to be told of a provider.
type Options struct {
	// New makes a provider that keeps its data in the folder.
	New func(data string) sandbox.Provider
	// Root is the repository's root: the workspace's module takes its
	// versions from there.
	Root string
	// Left names what is left of sandboxes that are gone, processes and
	// files, for a provider with this data folder and workspace.
	Left func(data, workspace string) []string
	// Dies is true where parts end with the server, even if it is killed.
	Dies bool

	data string
}

// patience bounds what should take a second or two.
const patience = 30 * time.Second

// lab is what the contract opens.
var lab = Lab(Kafka, Postgres("order", "product"), Service("order", "order"), Service("product", "product"))

// Run checks the whole contract.
func Run(t *testing.T, o Options) {
	o.data = Folder(t) // one for all: what is built once serves all
	t.Run("open", o.testOpen)
	t.Run("workspace", o.testWorkspace)
	t.Run("services", o.testServices)
	t.Run("faults", o.testFaults)
	t.Run("snapshot", o.testSnapshot)
	t.Run("endings", o.testEndings)
	t.Run("killed server", o.testKilledServer)
}

// open opens a sandbox of its own for a test and closes it with the test.
func (o Options) open(t *testing.T) (*opened, *recorder) {
	t.Helper()
	provider := o.New(o.data)
	seen := &recorder{}
	s := &opened{T: t, o: o, data: o.data, workspace: o.lay(t), provider: provider}
	s.Sandbox = s.mustOpen(t.Context(), seen.see)
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
		if err := provider.Close(); err != nil {
			t.Errorf("close provider: %v", err)
		}
		s.nothingLeft()
	})
	return s, seen
}

// opened is an open sandbox with what a test asks of it.
type opened struct {
	sandbox.Sandbox
	*testing.T
	o               Options
	data, workspace string
	provider        sandbox.Provider
}

func (s *opened) mustOpen(ctx context.Context, progress func(sandbox.Event)) sandbox.Sandbox {
	s.Helper()
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute) // the first time compiles and initialises
	defer cancel()
	box, err := s.provider.Open(ctx, sandbox.Request{Lab: lab, Learner: "test", Workspace: s.workspace, Progress: progress})
	if err != nil {
		s.Fatalf("open: %v", err)
	}
	return box
}

func (s *opened) nothingLeft() {
	s.Helper()
	for _, left := range s.o.Left(s.data, s.workspace) {
		s.Errorf("left behind: %s", left)
	}
}

// Folder is a folder for a test that every user can pass through, as a data
// folder is where root does not keep it in a closed home.
func Folder(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.Chmod(filepath.Dir(dir), 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// within tries until look returns nil, and fails with its last error.
func within(t *testing.T, limit time.Duration, look func() error) {
	t.Helper()
	end := time.Now().Add(limit)
	for {
		err := look()
		if err == nil {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("after %v: %v", limit, err)
		}
		time.Sleep(20 * time.Millisecond)
	}
}
