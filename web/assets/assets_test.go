package assets

import (
	"io/fs"
	"net/http/httptest"
	"testing"
	"testing/fstest"
)

const metafile = `{"outputs":{"dist/main-AB.js":{"entryPoint":"main.ts"},"dist/main-CD.css":{"entryPoint":"main.css"},"dist/editor-EF.js":{"entryPoint":"editor.ts"}}}`

func TestOpenFindsWhatWasBuilt(t *testing.T) {
	b, err := Open(fstest.MapFS{"meta.json": {Data: []byte(metafile)}})
	if err != nil {
		t.Fatal(err)
	}
	if b.Script != "/assets/main-AB.js" || b.Style != "/assets/main-CD.css" {
		t.Errorf("script %q and style %q", b.Script, b.Style)
	}
}

func TestOpenRefusesHalfABundle(t *testing.T) {
	for name, dist := range map[string]fstest.MapFS{
		"nothing built": {},
		"no style":      {"meta.json": {Data: []byte(`{"outputs":{"dist/main-AB.js":{"entryPoint":"main.ts"}}}`)}},
		"torn metafile": {"meta.json": {Data: []byte(`{"outputs":`)}},
	} {
		if _, err := Open(dist); err == nil {
			t.Errorf("%s: Open found nothing wrong", name)
		}
	}
}

func TestFilesAreKeptForGoodAndFoldersAreNotListed(t *testing.T) {
	b, err := Open(fstest.MapFS{"meta.json": {Data: []byte(metafile)}, "main-AB.js": {Data: []byte("1")}})
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]bool{"/assets/main-AB.js": true, "/assets/": false, "/assets/no.js": false, "/assets/../secret": false} {
		w := httptest.NewRecorder()
		if found := b.Serve(w, httptest.NewRequest("GET", path, nil)); found != want || found != (w.Body.String() == "1") {
			t.Errorf("GET %s: found is %v, and the body %q", path, found, w.Body)
		}
		if kept := w.Header().Get("Cache-Control") == "public, max-age=31536000, immutable"; kept != want {
			t.Errorf("GET %s: kept for good is %v", path, kept)
		}
	}
}

// counting counts how often a file is looked up.
type counting struct {
	fstest.MapFS
	stats int
}

func (c *counting) Stat(name string) (fs.FileInfo, error) {
	c.stats++
	return c.MapFS.Stat(name)
}

func TestAFileIsLookedUpOnce(t *testing.T) {
	dist := &counting{MapFS: fstest.MapFS{"meta.json": {Data: []byte(metafile)}, "main-AB.js": {Data: []byte("1")}}}
	b, err := Open(dist)
	if err != nil {
		t.Fatal(err)
	}
	if b.Serve(httptest.NewRecorder(), httptest.NewRequest("GET", "/assets/main-AB.js", nil)); dist.stats != 1 {
		t.Errorf("it is looked up %d times", dist.stats)
	}
}
