package prove

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"cnalab/labs"
	"cnalab/labs/load"
	"cnalab/server/testbed"
	"cnalab/server/workspaces/module"
)

// TestSolutionsAreClean has what learners take for an example looked at as our own
// code is, at each step.
func TestSolutionsAreClean(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	staticcheck := filepath.Join(t.TempDir(), "staticcheck")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", staticcheck, "honnef.co/go/tools/cmd/staticcheck")
	build.Dir = root
	if says, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, says)
	}
	folders, err := filepath.Glob(filepath.Join(root, "labs", "[0-9][0-9][0-9]-*"))
	if err != nil || len(folders) == 0 {
		t.Fatal(folders, err)
	}
	for _, folder := range folders {
		lab, broken := load.Lab(folder)
		if lab == nil {
			t.Errorf("%s: %v", folder, broken)
			continue
		}
		if !lab.Planned {
			t.Run(lab.Folder, func(t *testing.T) { clean(t, root, staticcheck, lab) })
		}
	}
}

// clean looks at one folder, in which a step is put over the one before: what is
// as it was is not compiled again.
func clean(t *testing.T, root, staticcheck string, lab *labs.Lab) {
	workspace, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer workspace.Close()
	config := testbed.Config{Root: root, Module: func(root string) (goMod, goSum []byte, err error) { return module.Make(t.Context(), root) }}
	if err := config.WriteModule(workspace); err != nil {
		t.Fatal(err)
	}
	for _, step := range lab.Steps {
		tree, err := lab.At(step.Number)
		if err != nil {
			t.Fatal(err)
		}
		if err := tree.Write(workspace); err != nil {
			t.Fatal(err)
		}
		if err := tree.Prune(workspace, func(name string) bool { return name == "go.mod" || name == "go.sum" }); err != nil {
			t.Fatal(err)
		}
		if !hasGo(tree) {
			continue
		}
		check := exec.CommandContext(t.Context(), staticcheck, "./...")
		check.Dir = workspace.Name()
		if says, err := check.CombinedOutput(); err != nil {
			t.Errorf("step %d: %v\n%s", step.Number, err, says)
		}
	}
}

func hasGo(tree labs.Tree) bool {
	for _, name := range tree.Paths() {
		if strings.HasSuffix(name, ".go") {
			return true
		}
	}
	return false
}
