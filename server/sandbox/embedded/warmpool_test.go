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
	"cnalab/server/sandbox/part/kinds"
	"cnalab/server/sandbox/part/postgres"
	"cnalab/server/sandbox/sandboxtest"
)

// bare is a lab whose sandbox has needs and no services.
var bare = sandboxtest.Lab(sandboxtest.Kafka, sandboxtest.Postgres())

// stagesOf opens a sandbox, closes it with the test and returns its stages.
func stagesOf(t *testing.T, p sandbox.Provider, lab *labs.Lab) (names []string) {
	t.Helper()
	open, err := p.Open(t.Context(), sandbox.Request{Lab: lab, Workspace: t.TempDir(), Progress: func(e sandbox.Event) {
		if e.Stage.Done {
			names = append(names, e.Stage.Name)
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { open.Close() })
	return names
}

func TestWarmStackIsUsedOnceAndLeavesNothing(t *testing.T) {
	data := sandboxtest.Folder(t)
	p := provider(data).(*embedded.Provider)
	if err := p.Warm(t.Context(), bare); err != nil {
		t.Fatal(err)
	}
	if got := stagesOf(t, p, bare); slices.Contains(got, "start Kafka") {
		t.Errorf("from the pool: stages %q, want nothing started", got)
	}
	if got := stagesOf(t, p, bare); !slices.Contains(got, "start Kafka") {
		t.Errorf("with the pool empty: stages %q, want Kafka started", got)
	}
	if err := p.Warm(t.Context(), bare); err != nil {
		t.Fatal(err)
	}
	only := sandboxtest.Lab(sandboxtest.Kafka)
	if got := stagesOf(t, p, only); !slices.Contains(got, "start Kafka") {
		t.Errorf("with a stack for other parts: stages %q, want Kafka started", got)
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
		t.Errorf("a closed provider has started a stack: %q", found)
	}
}

func TestPackagedPostgres(t *testing.T) {
	t.Setenv("CNALAB_HIDE_POSTGRES", "1")
	if err := postgres.Available(t.Context(), postgres.Config{Root: root, HideLocal: true}); err != nil {
		t.Skip("the npm package is not installed: ", err)
	}
	data := sandboxtest.Folder(t)
	p := provider(data).(*embedded.Provider)
	t.Cleanup(func() { p.Close() })
	stagesOf(t, p, bare)
	copies, _ := filepath.Glob(filepath.Join(data, "cache", "postgres", "programs-*", "bin", "postgres"))
	if len(copies) != 1 {
		t.Errorf("the package's programs are at %q, want one copy", copies)
	}
}

// What the machine's own Postgres clients go by leads nowhere from here.
func TestPostgresWhoseClientsGoElsewhere(t *testing.T) {
	for name, value := range map[string]string{"PGSERVICE": "x", "PGHOST": "elsewhere.invalid", "PGSSLMODE": "verify-full", "PGOPTIONS": "-c nonsense=1",
		"PGTARGETSESSIONATTRS": "standby", "PGDATA": "/nowhere", "HTTP_PROXY": "http://127.0.0.1:1"} {
		t.Setenv(name, value)
	}
	p := provider(sandboxtest.Folder(t)).(*embedded.Provider)
	t.Cleanup(func() { p.Close() })
	if stages := stagesOf(t, p, bare); !slices.Contains(stages, "start Postgres") {
		t.Errorf("the stages are %q", stages)
	}
}

func TestNoPostgresAtAll(t *testing.T) {
	p := embedded.New(embedded.Config{Root: root, Data: sandboxtest.Folder(t),
		Kinds: kinds.All(postgres.Config{Root: t.TempDir(), HideLocal: true})})
	err := p.Offers(t.Context(), bare)
	var problem *labs.Problem
	if !errors.As(err, &problem) || !strings.Contains(problem.Next, "npm install --prefix fixtures/postgres") {
		t.Errorf("got %v, want the command that installs it", err)
	}
	if err := p.Offers(t.Context(), sandboxtest.Lab(sandboxtest.Kafka)); err != nil {
		t.Errorf("a lab without Postgres: %v", err)
	}
}

func TestOffersWhatItHas(t *testing.T) {
	p := provider(sandboxtest.Folder(t))
	for _, kind := range []string{labs.KindDocker, labs.KindKubernetes, labs.KindContainer, labs.KindRegistry} {
		err := p.Offers(t.Context(), sandboxtest.Lab(labs.Part{Name: kind, Kind: kind}))
		if problem := labs.AsProblem(err); err == nil || problem.Kind != labs.Machine || !strings.Contains(problem.Say, kind) {
			t.Errorf("%s: %v, want a problem that names it", kind, err)
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
	p := provider(data).(*embedded.Provider)
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
	err := provider(filepath.Join(file, "data")).Offers(t.Context(), bare)
	if problem := labs.AsProblem(err); problem.Kind != labs.Machine || problem.Next == "" {
		t.Errorf("got %v, want a problem with a next step", err)
	}
}
