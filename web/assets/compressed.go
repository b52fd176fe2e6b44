package assets

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"
)

// Compressed serves the built files, compressed once and kept. Their names
// change with their content, so a browser asks for each of them once. What is
// not there is for missing to answer.
func (b *Bundle) Compressed(missing http.Handler) http.Handler {
	var kept sync.Map // path → compressed
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isText(r.URL.Path) || !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			b.ServeHTTP(w, r)
			return
		}
		entry, ok := kept.Load(r.URL.Path)
		if !ok {
			file := &recorder{header: http.Header{}, code: http.StatusOK}
			plain := r.Clone(r.Context())
			plain.Header = http.Header{}
			b.ServeHTTP(file, plain)
			if file.code != http.StatusOK {
				missing.ServeHTTP(w, r)
				return
			}
			entry, _ = kept.LoadOrStore(r.URL.Path, compress(file))
		}
		entry.(*compressed).serve(w, r)
	})
}

// isText tells text from what is compressed already, such as fonts.
func isText(name string) bool {
	switch path.Ext(name) {
	case ".js", ".css", ".svg", ".map", ".json":
		return true
	}
	return false
}

// compressed is a file ready to be sent.
type compressed struct {
	header http.Header
	body   []byte
}

func compress(file *recorder) *compressed {
	var out bytes.Buffer
	zip, _ := gzip.NewWriterLevel(&out, gzip.BestCompression) // the level is known to be right
	_, _ = zip.Write(file.body.Bytes())
	_ = zip.Close() // a buffer takes everything
	return &compressed{header: file.header, body: out.Bytes()}
}

func (p *compressed) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	for _, name := range []string{"Content-Type", "Cache-Control"} {
		h.Set(name, p.header.Get(name))
	}
	h.Set("Content-Encoding", "gzip")
	h.Set("Vary", "Accept-Encoding")
	h.Set("ETag", `"`+strings.TrimSuffix(path.Base(r.URL.Path), path.Ext(r.URL.Path))+`-gzip"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(p.body))
}

// recorder keeps an answer instead of sending it.
type recorder struct {
	header http.Header
	code   int
	body   bytes.Buffer
}

func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) WriteHeader(code int)        { r.code = code }
func (r *recorder) Write(b []byte) (int, error) { return r.body.Write(b) }
