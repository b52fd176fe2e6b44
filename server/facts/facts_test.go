package facts

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cnalab/labs"
	"cnalab/labs/labtest"
	"cnalab/labs/load"
	"cnalab/server/sandbox/fake"
	"cnalab/server/testbed/testbedtest"
)

func TestMain(m *testing.M) { os.Exit(testbedtest.Main(m)) }

// claiming is a new lab whose first step's text ends so, with these facts.
func claiming(t *testing.T, text string, facts map[string]string) *labs.Lab {
	t.Helper()
	_, dir := labtest.New(t)
	steps, err := filepath.Glob(filepath.Join(dir, "steps", "01-*.md"))
	if err != nil || len(steps) == 0 {
		t.Fatalf("%v %v", steps, err)
	}
	for _, step := range steps {
		if strings.HasSuffix(step, ".ko.md") {
			continue
		}
		if err := os.WriteFile(step, []byte("# Greet\n\nDo it.\n"+text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(filepath.Join(dir, Folder), 0o755); err != nil {
		t.Fatal(err)
	}
	labtest.Write(t, "mkdir once\n", dir, "solution/01/run.sh")
	for name, script := range facts {
		if err := os.WriteFile(filepath.Join(dir, Folder, name), []byte(script), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	lab, broken := load.Lab(dir)
	if lab == nil {
		t.Fatal(broken)
	}
	return lab
}

// What a text claims is tried in the workspace with the step's solution, up to
// the first command that fails; what is to be filled in is not, nor what the
// solution has typed.
func TestClaims(t *testing.T) {
	lab := claiming(t, "\n```sh\nls go.mod\nsleep 60 >/dev/null &\n```\n\n```sh\nfalse\ntrue\n```\n\n```sh\nls YOUR-FILE\n```\n\n```sh\nmkdir once\n```\n",
		map[string]string{"01-so.sh": "test \"$PART\" = here\n", "01-wrong.sh": "echo it is not so; exit 3\n"})
	var told []string
	err := Lab(t.Context(), testbedtest.Config(t, &fake.Provider{Env: []string{"PART=here"}}), lab, nil, func(c Claim) {
		told = append(told, fmt.Sprintf("%s %d %v %s", filepath.Base(c.File), c.Line, c.Holds, strings.TrimSpace(c.Says)))
	})
	if err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprintf("01-%s.md", lab.Steps[0].Slug)
	want := []string{text + " 6 true go.mod", text + " 11 false ", "01-so.sh 1 true ", "01-wrong.sh 1 false it is not so"}
	if diff := cmp.Diff(want, told); diff != "" {
		t.Errorf("claims (-want +got):\n%s", diff)
	}
}

// A step that is named is tried alone, and what solves those before it is there.
func TestClaimsOfAStep(t *testing.T) {
	dir := claiming(t, "\n```sh\nfalse\n```\n", map[string]string{"02-so.sh": "ls two\n"}).Dir
	labtest.Write(t, "# Again\n", dir, "steps/02-again.md")
	labtest.Write(t, "", dir, "solution/02/two")
	lab, broken := load.Lab(dir)
	if lab == nil {
		t.Fatal(broken)
	}
	var told []string
	err := Lab(t.Context(), testbedtest.Config(t, &fake.Provider{}), lab, []int{2}, func(c Claim) {
		told = append(told, fmt.Sprintf("%s %v %s", c.File, c.Holds, strings.TrimSpace(c.Says)))
	})
	if diff := cmp.Diff([]string{"checks/facts/02-so.sh true two"}, told); diff != "" || err != nil {
		t.Errorf("claims (-want +got):\n%s%v", diff, err)
	}
}

func TestAFactOfNoStep(t *testing.T) {
	lab := claiming(t, "", map[string]string{"acks.sh": "true\n"})
	err := Lab(t.Context(), testbedtest.Config(t, &fake.Provider{}), lab, nil, func(Claim) {})
	if labs.AsProblem(err).Kind != labs.BadInput || !strings.Contains(labs.AsProblem(err).Say, "acks.sh") {
		t.Errorf("got %v", err)
	}
}
