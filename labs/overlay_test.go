package labs

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// files reads a folder as path to content.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	layer, err := ReadOverlay(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for name, content := range layer.Files {
		found[name] = string(content)
	}
	return found
}

func write(t *testing.T, content string, path ...string) {
	t.Helper()
	file := filepath.Join(path...)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

// twoSteps is a lab whose solutions add, change and remove.
func twoSteps(t *testing.T) *Lab {
	dir := t.TempDir()
	write(t, "start", dir, "workspace/order/main.go")
	write(t, "old", dir, "workspace/shop/all.go")
	write(t, "old too", dir, "workspace/shop/more/all.go")
	write(t, "keep", dir, "workspace/shopping.txt")
	write(t, "one", dir, "solution/01/order/main.go")
	write(t, "new", dir, "solution/01/order/outbox.go")
	write(t, "echo typed\n", dir, "solution/01/run.sh")
	write(t, "# the old shop\nshop\n\n  order/outbox.go  \n", dir, "solution/02/removed.txt")
	write(t, "two", dir, "solution/02/order/main.go")
	return &Lab{Dir: dir, Steps: make([]Step, 2)}
}

func TestAt(t *testing.T) {
	lab := twoSteps(t)
	wants := []map[string]string{
		{"order/main.go": "start", "shop/all.go": "old", "shop/more/all.go": "old too", "shopping.txt": "keep"},
		{"order/main.go": "one", "order/outbox.go": "new", "shop/all.go": "old", "shop/more/all.go": "old too", "shopping.txt": "keep"},
		{"order/main.go": "two", "shopping.txt": "keep"},
	}
	root, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	for step, want := range wants {
		tree, err := lab.At(step)
		if err != nil {
			t.Fatal(err)
		}
		if err := tree.Write(root); err != nil {
			t.Fatal(err)
		}
		if err := tree.Prune(root, nil); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, files(t, root.Name())); diff != "" {
			t.Errorf("after step %d (-want +got):\n%s", step, diff)
		}
	}
	if _, err := os.Stat(filepath.Join(root.Name(), "shop")); !os.IsNotExist(err) {
		t.Errorf("an empty folder is left: %v", err)
	}
	if _, err := lab.At(3); err == nil {
		t.Error("a solution that is not there is applied")
	}
	if layer, _ := lab.Solution(1); layer.Run != "echo typed\n" {
		t.Errorf("run.sh is %q", layer.Run)
	}
}

func TestWriteTouchesOnlyChanges(t *testing.T) {
	root, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	tree := Tree{"a/b.go": []byte("b"), "c.go": []byte("c")}
	if err := tree.Write(root); err != nil {
		t.Fatal(err)
	}
	before, _ := root.Stat("a/b.go")
	if err := (Tree{"a/b.go": []byte("b"), "c.go": []byte("changed")}).Write(root); err != nil {
		t.Fatal(err)
	}
	after, _ := root.Stat("a/b.go")
	if !os.SameFile(before, after) || before.ModTime() != after.ModTime() {
		t.Error("a file that holds the right bytes was written again")
	}
	if content, _ := root.ReadFile("c.go"); string(content) != "changed" {
		t.Errorf("c.go holds %q", content)
	}
}

func TestPruneKeeps(t *testing.T) {
	root, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	(Tree{"go.mod": nil, "mine/new.go": nil, "a.go": nil}).Write(root)
	if err := (Tree{"a.go": nil}).Prune(root, func(name string) bool { return name == "go.mod" }); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{"go.mod": "", "a.go": ""}, files(t, root.Name())); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestNothingLeavesTheFolder tries what a crafted layer, or a learner's link,
// could do to files elsewhere.
func TestNothingLeavesTheFolder(t *testing.T) {
	outside := t.TempDir()
	write(t, "precious", outside, "file.txt")
	dir := t.TempDir()
	if err := os.Symlink(outside, filepath.Join(dir, "link")); err != nil {
		t.Skip("no links here:", err)
	}
	if layer, err := ReadOverlay(os.DirFS(dir)); err != nil || len(layer.Files) > 0 {
		t.Errorf("a link was followed: %v, %v", layer.Files.Paths(), err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	for _, name := range []string{"../evil.txt", "link/file.txt", "/tmp/evil.txt"} {
		if err := (Tree{name: []byte("evil")}).Write(root); err == nil {
			t.Errorf("%s was written", name)
		}
	}
	if err := (Tree{}).Prune(root, nil); err != nil {
		t.Error(err)
	}
	if content, _ := os.ReadFile(filepath.Join(outside, "file.txt")); string(content) != "precious" {
		t.Errorf("a file elsewhere holds %q", content)
	}
	if _, err := os.Lstat(filepath.Join(dir, "link")); !os.IsNotExist(err) {
		t.Error("the link itself is still there")
	}
	if strings.Contains(strings.Join(mustNames(t, filepath.Dir(dir)), " "), "evil") {
		t.Error("a file was written beside the folder")
	}
}

func mustNames(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}
