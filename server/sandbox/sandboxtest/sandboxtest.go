// Package sandboxtest is the contract of sandbox.Provider as a test. Every
// provider passes it; it knows nothing of how one brings its parts up. It is one
// package because it is one contract: a provider cannot choose from it.
package sandboxtest

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"cnalab/labs"
	"cnalab/server/sandbox"
)

// Options is what the contract has to be told of a provider.
type Options struct {
	// New makes a provider that keeps its data in the folder.
	New func(data string) sandbox.Provider
	// Root is the repository's root: the workspace's module takes its
	// versions from there.
	Root string
	// Has says what the provider's sandboxes have.
	Has Features
	// Left names what is left of sandboxes that are gone, processes and
	// files, for a provider with this data folder and workspace.
	Left func(data, workspace string) []string
	// Lag is how long what is closed may take to go; 0 where it is gone when
	// Close returns.
	Lag time.Duration
	// Dies is true where parts end with the server, even if it is killed.
	Dies bool
	// Kill ends a node as another program would; nil where there are none.
	Kill func(t *testing.T, s sandbox.Sandbox, part string)

	data   string
	shared *opened // for all tests that leave it open; nil where each has its own
	seen   *recorder
}

// Features are what sandboxes may have and lack. Of what they lack the contract
// demands that they say so, and take no harm.
type Features struct {
	Nodes         bool // the parts are the nodes of a cluster, else Kafka, Postgres and services
	NetworkFaults bool // parts can be slowed and cut off
	Snapshots     bool // what parts have stored can be gone back to
	Inside        bool // a network of their own, which a shell can be in
}

// timeout bounds what should take a second or two.
const timeout = 30 * time.Second

// Run checks the whole contract.
func Run(t *testing.T, o Options) {
	o.data = Folder(t) // one for all: what is built once serves all
	t.Run("offers", o.testOffers)
	if o.Has.Nodes {
		o.runCluster(t)
		return
	}
	t.Run("open", o.testOpen)
	t.Run("workspace", o.testWorkspace)
	t.Run("services", o.testServices)
	t.Run("faults", o.testFaults)
	t.Run("snapshot", o.testSnapshot)
	t.Run("endings", o.testEndings)
	t.Run("several of a kind", o.testSeveral)
	t.Run("TLS", o.testTLS)
	t.Run("killed server", o.testKilledServer)
}

// runCluster opens as few clusters as it can: one takes half a minute.
func (o Options) runCluster(t *testing.T) {
	t.Run("giving up while it opens leaves nothing", o.testCancelCluster) // while there is none
	o.shared, o.seen = o.open(t)
	t.Run("open", o.testOpen)
	t.Run("workspace", o.testUnusedWorkspace)
	t.Run("nodes", o.testNodes)
	t.Run("faults", o.testFaults)
	t.Run("snapshot", o.testSnapshot)
	t.Run("two at once do not touch each other", o.testTwoClusters)
	t.Run("killed server", o.testKilledServer)
	t.Run("closing the provider closes what is open", o.testClosedProvider)
}

// open opens a sandbox for a test, of its own where it is not shared, and closes
// that with the test.
func (o Options) open(t *testing.T) (*opened, *recorder) {
	t.Helper()
	if o.shared != nil {
		s := *o.shared
		s.T = t
		return &s, o.seen
	}
	return o.openLab(t, o.system().lab)
}

// openLab opens a sandbox of its own for a test.
func (o Options) openLab(t *testing.T, lab *labs.Lab) (*opened, *recorder) {
	t.Helper()
	provider := o.New(o.data)
	seen := &recorder{}
	s := &opened{T: t, o: o, lab: lab, data: o.data, workspace: o.newWorkspace(t), provider: provider}
	s.Sandbox = s.mustOpen(t.Context(), seen.record)
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
	lab             *labs.Lab
	data, workspace string
	provider        sandbox.Provider
}

func (s *opened) mustOpen(ctx context.Context, progress func(sandbox.Event)) sandbox.Sandbox {
	s.Helper()
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute) // the first time compiles and initialises
	defer cancel()
	opened, err := s.provider.Open(ctx, sandbox.Request{Lab: s.lab, Learner: "test", Workspace: s.workspace, Progress: progress})
	if err != nil {
		s.Fatalf("open: %v\n%s", err, labs.AsProblem(err).Detail)
	}
	return opened
}

func (s *opened) nothingLeft() {
	s.Helper()
	for end := time.Now().Add(s.o.Lag); ; time.Sleep(50 * time.Millisecond) {
		left := s.o.Left(s.data, s.workspace)
		if len(left) > 0 && time.Now().Before(end) {
			continue
		}
		for _, l := range left {
			s.Errorf("left behind: %s", l)
		}
		return
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
