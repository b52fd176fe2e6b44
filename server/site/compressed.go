package site

import (
	"compress/gzip"
	"net/http"

	"github.com/klauspost/compress/gzhttp"
)

// compressible is what is worth it. Events are not: each has to arrive at once.
var compressible = []string{"text/html", "text/css", "text/javascript", "text/plain", "application/json", "image/svg+xml"}

// compressed sends texts as small as gzip makes them, which is smaller than what
// zstd makes in passing.
func compressed(next http.Handler) http.Handler {
	wrap, err := gzhttp.NewWrapper(gzhttp.ContentTypes(compressible), gzhttp.EnableZstd(false), gzhttp.CompressionLevel(gzip.BestCompression))
	if err != nil {
		panic(err) // the options are ours
	}
	return wrap(next)
}
