package embedded_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cnalab/labs"
	"cnalab/server/sandbox"
	"cnalab/server/sandbox/embedded"
	"cnalab/server/sandbox/embedded/postgres"
	"cnalab/server/sandbox/sandboxtest"
)

// bare is a lab whose sandbox has needs and no services.
var bare = &labs.Lab{ID: "bare", Number: "999", Needs: []labs.Need{labs.Kafka, labs.Postgres}}

// stagesOf opens a sandbox, closes it with the test and returns its stages.
func stagesOf(t *testing.T, p sandbox.Provider, lab *labs.Lab) (names []string) {
	t.Helper()
	box, err := p.Open(t.Context(), sandbox.Request{Lab: lab, Workspace: t.TempDir(), Progress: func(e sandbox.Event) {
		if e.Stage.Done {
			names = append(names, e.Stage.Name)
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { box.Close() })
	return names
}

func TestSpareIsUsedOnceAndLeavesNothing(t *testing.T) {
	data := sandboxtest.Folder(t)
	p := embedded.New(embedded.Config{Root: root, Data: data})
	if err := p.Warm(t.Context(), bare); err != nil {
		t.Fatal(err)
	}
	if got := stagesOf(t, p, bare); slices.Contains(got, "start Kafka") {
		t.Errorf("with a spare: stages %q, want nothing started", got)
	}
	if got := stagesOf(t, p, bare); !slices.Contains(got, "start Kafka") {
		t.Errorf("with the spare taken: stages %q, want Kafka started", got)
	}
	if err := p.Warm(t.Context(), bare); err != nil {
		t.Fatal(err)
	}
	only := &labs.Lab{ID: "only", Number: "998", Needs: []labs.Need{labs.Kafka}}
	if got := stagesOf(t, p, only); !slices.Contains(got, "start Kafka") {
		t.Errorf("with a spare for other needs: stages %q, want Kafka started", got)
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	if found := left(data, data); len(found) > 0 {
		t.Errorf("left behind: %q", found)
	}
	if err := p.Warm(t.Context(), bare); err != nil {
		t.Fatal(err)
	}
	if found := left(data, data); len(found) > 0 {
		t.Errorf("a closed provider has started a spare: %q", found)
	}
}

func TestPackagedPostgres(t *testing.T) {
	t.Setenv("CNALAB_HIDE_POSTGRES", "1")
	if err := postgres.Available(t.Context(), root, true); err != nil {
		t.Skip("the npm package is not installed: ", err)
	}
	data := sandboxtest.Folder(t)
	p := embedded.New(embedded.Config{Root: root, Data: data})
	t.Cleanup(func() { p.Close() })
	stagesOf(t, p, bare)
	copies, _ := filepath.Glob(filepath.Join(data, "cache", "postgres", "programs-*", "bin", "postgres"))
	if len(copies) != 1 {
		t.Errorf("the package's programs are at %q, want one copy", copies)
	}
}

func TestNoPostgresAtAll(t *testing.T) {
	p := embedded.New(embedded.Config{Root: t.TempDir(), Data: sandboxtest.Folder(t), HideLocalPostgres: true})
	err := p.Offers(t.Context(), bare)
	var problem *labs.Problem
	if !errors.As(err, &problem) || !strings.Contains(problem.Next, "npm install --prefix fixtures/postgres") {
		t.Errorf("got %v, want the command that installs it", err)
	}
	if err := p.Offers(t.Context(), &labs.Lab{Number: "030", Needs: []labs.Need{labs.Kafka}}); err != nil {
		t.Errorf("a lab without Postgres: %v", err)
	}
}

func TestOffersWhatItHas(t *testing.T) {
	p := provider(sandboxtest.Folder(t))
	for _, need := range []labs.Need{labs.Docker, labs.Kubernetes} {
		err := p.Offers(t.Context(), &labs.Lab{Number: "080", Needs: []labs.Need{need}})
		if problem := labs.AsProblem(err); err == nil || problem.Kind != labs.Machine || !strings.Contains(problem.Say, string(need)) {
			t.Errorf("%s: %v, want a problem that names it", need, err)
		}
	}
}

// A data folder in root's home is closed to the user that runs Postgres.
func TestDataFolderThatIsClosedToOthers(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root has somebody else run Postgres")
	}
	temporary, closed := sandboxtest.Folder(t), t.TempDir()
	t.Setenv("TMPDIR", temporary)
	if err := os.Chmod(closed, 0o700); err != nil {
		t.Fatal(err)
	}
	data := filepath.Join(closed, "data")
	p := embedded.New(embedded.Config{Root: root, Data: data})
	stagesOf(t, p, bare)
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	if found, _ := filepath.Glob(filepath.Join(temporary, "cnalab-*", "cache", "postgres", "cluster-*")); len(found) != 1 {
		t.Errorf("clusters %q, want one out of the closed folder", found)
	}
	for _, place := range []string{filepath.Join(data, "run", "*"), filepath.Join(temporary, "cnalab-*", "run", "*")} {
		if found, _ := filepath.Glob(place); len(found) > 0 {
			t.Errorf("left behind: %q", found)
		}
	}
}

func TestDataFolderThatCannotBeMade(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	err := embedded.New(embedded.Config{Root: root, Data: filepath.Join(file, "data")}).Offers(t.Context(), bare)
	if problem := labs.AsProblem(err); problem.Kind != labs.Machine || problem.Next == "" {
		t.Errorf("got %v, want a problem with a next step", err)
	}
}
