package prove

import (
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"cnalab/labs"
	"cnalab/labs/load"
	"cnalab/server/testbed"
	"cnalab/server/testbed/testbedtest"
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

// clean looks at one workspace, in which a step is put over the one before: what
// is as it was is not compiled again.
func clean(t *testing.T, root, staticcheck string, lab *labs.Lab) {
	config := testbedtest.Config(t, newProvider())
	config.Root, config.Module = root, func(root string) (goMod, goSum []byte, err error) { return module.Make(t.Context(), root) }
	tree, err := lab.Starter()
	if err != nil {
		t.Fatal(err)
	}
	w, err := testbed.Open(t.Context(), config, lab, tree)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	for _, step := range lab.Steps {
		if tree, err = lab.At(step.Number); err == nil {
			err = w.Apply(t.Context(), tree)
		}
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(tree.Paths(), func(name string) bool { return filepath.Ext(name) == ".go" }) {
			continue
		}
		check := exec.CommandContext(t.Context(), staticcheck, "./...")
		check.Dir = w.Dir
		if says, err := check.CombinedOutput(); err != nil {
			t.Errorf("step %d: %v\n%s", step.Number, err, says)
		}
	}
}
