package embedded_test

import (
	"os"
	"path/filepath"
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
