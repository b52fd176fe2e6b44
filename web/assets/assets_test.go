package assets

import (
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
	for path, want := range map[string]int{"/assets/main-AB.js": 200, "/assets/": 404, "/assets/no.js": 404, "/assets/../secret": 404} {
		w := httptest.NewRecorder()
		b.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		if w.Code != want {
			t.Errorf("GET %s = %d, want %d", path, w.Code, want)
		}
		if kept := w.Header().Get("Cache-Control") == "public, max-age=31536000, immutable"; kept != (want == 200) {
			t.Errorf("GET %s: kept for good is %v", path, kept)
		}
	}
}
