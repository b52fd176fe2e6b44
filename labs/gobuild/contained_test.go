//go:build unix

package gobuild

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cnalab/labs"
)

// A program that is made of another's files is not built, whatever way leads to
// them.
func TestWhatLiesOutsideIsNotBuilt(t *testing.T) {
	const right = "package main\n\nfunc main() {}\n"
	dir := t.TempDir()
	outside := filepath.Join(dir, "solution")
	put(t, outside, "order/main.go", right)
	put(t, outside, "go.mod", "module solution\n")
	put(t, outside, "place/place.go", "package place\n")
	for name, test := range map[string]struct {
		goMod, link, to, say string
	}{
		"a file":           {"", "order/main.go", filepath.Join(outside, "order", "main.go"), "order/main.go is a link"},
		"a folder":         {"", "order", filepath.Join(outside, "order"), "order is a link"},
		"a relative link":  {"", "order/main.go", "../../solution/order/main.go", "order/main.go is a link"},
		"what it imports":  {"", "place", filepath.Join(outside, "place"), "place is a link"},
		"its go.mod":       {"-", "go.mod", filepath.Join(outside, "go.mod"), "go.mod is a link"},
		"a link to a link": {"", ".own/main.go", filepath.Join(outside, "order", "main.go"), ".own/main.go is a link"},
		"a module":         {"require solution v0.0.0\nreplace solution => ../solution\n", "", "", "replaces solution"},
		"by its whole path": {"require solution v0.0.0\nreplace solution => " + outside + "\n", "", "",
			"replaces solution"},
	} {
		t.Run(name, func(t *testing.T) {
			root := filepath.Join(dir, strings.ReplaceAll(name, " ", "-"))
			if test.goMod != "-" {
				put(t, root, "go.mod", "module shop\n\ngo 1.26.0\n\n"+test.goMod)
			}
			if test.link != "order" && test.link != "order/main.go" {
				put(t, root, "order/main.go", right)
			}
			if test.link != "" {
				link := filepath.Join(root, test.link)
				if err := errors.Join(os.MkdirAll(filepath.Dir(link), 0o755), os.Symlink(test.to, link)); err != nil {
					t.Fatal(err)
				}
			}
			b := &Builder{Cache: t.TempDir()}
			_, err := b.Program(t.Context(), root, "order", func() {})
			if problem := labs.AsProblem(err); problem.Kind != labs.LearnerCode || !strings.Contains(problem.Say, test.say) {
				t.Errorf("got %v", err)
			}
		})
	}
	t.Run("a link within", func(t *testing.T) {
		root := t.TempDir()
		put(t, root, "go.mod", "module shop\n\ngo 1.26.0\n\nrequire more v0.0.0\nreplace more => ./more\n")
		put(t, root, "more/go.mod", "module more\n")
		put(t, root, "shared.go", right)
		if err := errors.Join(os.Mkdir(filepath.Join(root, "order"), 0o755), os.Symlink("../shared.go", filepath.Join(root, "order", "main.go"))); err != nil {
			t.Fatal(err)
		}
		if problem := Contained(root); problem != nil {
			t.Errorf("got %v", problem)
		}
	})
}
