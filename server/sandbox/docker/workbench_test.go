package docker_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"cnalab/labs"
	"cnalab/server/sandbox"
	"cnalab/server/sandbox/sandboxtest"
)

// A shell inside the sandbox reaches the parts by their names, and writes into
// the learner's workspace.
func TestWorkbench(t *testing.T) {
	needEngine(t)
	workspace := writeWorkspace(t, t.TempDir(), "order")
	p := provider(sandboxtest.Folder(t))
	t.Cleanup(func() { p.Close() })
	lab := sandboxtest.Lab(sandboxtest.Kafka, sandboxtest.Postgres("order"), sandboxtest.Service("order", "order"))
	open, err := p.Open(t.Context(), sandbox.Request{Lab: lab, Learner: "test", Workspace: workspace})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { open.Close() })
	printed := sandboxtest.Inside(t, open, `curl -s -o /dev/null -w 'order %{http_code}.' $SERVICE_ORDER/; kafka-topics.sh --bootstrap-server $KAFKA --create --topic noted; kcat -L -b $KAFKA; psql "$DATABASE_ORDER" -Atc 'select 40 + 2'; echo here > made; echo $SERVICE_ORDER`)
	for _, want := range []string{"order 404.", "Created topic noted.", `topic "noted"`, "\n42\r\n", "\nhttp://order:"} {
		if !strings.Contains(printed, want) {
			t.Errorf("no %q in what was printed:\n%s", want, printed)
		}
	}
	if made, err := os.ReadFile(filepath.Join(workspace, "made")); err != nil || string(made) != "here\n" {
		t.Errorf("the file that was made: %q, %v", made, err)
	}
	if err := os.WriteFile(filepath.Join(workspace, "made"), nil, 0o644); err != nil { // it is the learner's
		t.Error(err)
	}
	if left := workbenches(t); left != "" {
		t.Errorf("left behind when the shell had ended: %q", left)
	}
	if _, err := open.Workbench(t.Context()); err != nil {
		t.Error(err)
	}
	open.Close()
	if left := workbenches(t); left != "" {
		t.Errorf("left behind when the sandbox was closed: %q", left)
	}
}

func workbenches(t *testing.T) string {
	t.Helper()
	out, err := exec.Command("docker", "ps", "-aq", "--filter", "label=cnalab.lab="+sandboxtest.LabFolder, "--filter", "name=-workbench-").Output()
	if err != nil {
		t.Error(err)
	}
	return string(out)
}

// A lab that uses the engine itself has no network that a shell could be in.
func TestNoInside(t *testing.T) {
	needEngine(t)
	p := provider(sandboxtest.Folder(t))
	t.Cleanup(func() { p.Close() })
	lab := sandboxtest.Lab(labs.Part{Name: "docker", Kind: labs.KindDocker})
	open, err := p.Open(t.Context(), sandbox.Request{Lab: lab, Learner: "test", Workspace: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { open.Close() })
	_, err = open.Workbench(t.Context())
	if problem, known := errors.AsType[*labs.Problem](err); !known || problem.Kind != labs.BadInput {
		t.Errorf("got %v", err)
	}
}
