package sandboxtest

import (
	"bytes"
	"embed"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/mod/modfile"
)

//go:embed testdata/workspace
var files embed.FS

// newWorkspace writes the contract's workspace into a folder of its own.
func (o Options) newWorkspace(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	source, err := fs.Sub(files, "testdata/workspace")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(dir, source); err != nil {
		t.Fatal(err)
	}
	root, err := os.ReadFile(filepath.Join(o.Root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := modfile.Parse("go.mod", root, nil)
	if err != nil {
		t.Fatal(err)
	}
	write(t, dir, "go.mod", "module shop\n\ngo "+parsed.Go.Version+"\n")
	return dir
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, filepath.FromSlash(name)), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// edit replaces a word in a file of the workspace, as an editor would save it.
func (s *opened) edit(name, old, new string) {
	s.Helper()
	path := filepath.Join(s.workspace, filepath.FromSlash(name))
	text, err := os.ReadFile(path)
	if err != nil {
		s.Fatal(err)
	}
	if !bytes.Contains(text, []byte(old)) {
		s.Fatalf("%s does not hold %q", name, old)
	}
	write(s.T, s.workspace, name, string(bytes.ReplaceAll(text, []byte(old), []byte(new))))
}
