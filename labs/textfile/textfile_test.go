package textfile

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func TestRead(t *testing.T) {
	dir := t.TempDir()
	for name, test := range map[string]struct{ text, want string }{
		"plain": {"# Title\n", "# Title\n"}, "marked": {"\xef\xbb\xbf# 제목\n", "# 제목\n"}, "empty": {"", ""}, "longest": {"0123456789", "0123456789"},
	} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(test.text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := Read(path, 15); string(got) != test.want || err != nil {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	if _, err := Read(filepath.Join(dir, "longest"), 9); !broken(err) {
		t.Errorf("a file too large: %v", err)
	}
	latin := filepath.Join(dir, "latin")
	if err := os.WriteFile(latin, []byte("a\nb\ncaf\xe9\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Read(latin, 15)
	if v := Violation("010-greeting/lab.yaml", err); v.Line != 3 || v.File != "010-greeting/lab.yaml" {
		t.Errorf("%+v", v)
	}
	if _, err := Read(dir, 15); !broken(err) {
		t.Errorf("a folder: %v", err)
	}
	if _, err := Read(filepath.Join(dir, "none"), 15); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
}

func broken(err error) bool { _, ok := errors.AsType[*Broken](err); return ok }
