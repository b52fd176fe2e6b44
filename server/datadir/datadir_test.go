package datadir

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTokenThatIsAFolder(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "token"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := Dir(dir).Token(); err == nil || !strings.Contains(err.Error(), "token is a folder, and has to be a file.") {
		t.Errorf("got %v", err)
	}
}
