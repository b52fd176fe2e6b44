package embedded_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"cnalab/server/sandbox/embedded"
	"cnalab/server/sandbox/sandboxtest"
)

// People and systems clear caches while a server runs.
func TestCacheThatIsRemovedUnderTheProvider(t *testing.T) {
	data := sandboxtest.Folder(t)
	p := provider(data).(*embedded.Provider)
	t.Cleanup(func() { p.Close() })
	stagesOf(t, p, bare)
	if err := os.RemoveAll(filepath.Join(data, "cache")); err != nil {
		t.Fatal(err)
	}
	stagesOf(t, p, bare)
}

// What a data folder has elsewhere, because other accounts cannot reach it, goes
// when it is gone.
func TestWhatIsElsewhereGoesWithItsDataFolder(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root has Postgres run as another account")
	}
	elsewhere := func(data string) bool {
		files, _ := filepath.Glob(filepath.Join(os.TempDir(), "cnalab-*", "data-folder"))
		return slices.ContainsFunc(files, func(file string) bool {
			text, _ := os.ReadFile(file)
			return string(text) == data
		})
	}
	opened := func() string {
		data := filepath.Join(t.TempDir(), "data") // closed to others, as all of a test's are
		p := provider(data).(*embedded.Provider)
		stagesOf(t, p, bare)
		if err := p.Close(); err != nil {
			t.Fatal(err)
		}
		return data
	}
	first := opened()
	if !elsewhere(first) {
		t.Fatal("nothing is elsewhere: this test shows nothing")
	}
	if err := os.RemoveAll(first); err != nil {
		t.Fatal(err)
	}
	second := opened()
	if elsewhere(first) || !elsewhere(second) {
		t.Errorf("of the one that is gone there is something: %v, of the one that is there: %v", elsewhere(first), elsewhere(second))
	}
}
