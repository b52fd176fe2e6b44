// Package assets serves the built scripts, styles and fonts. Their names hold
// a hash of their content, so that a browser keeps them for good. It knows
// nothing of pages.
package assets

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strings"
)

// Bundle is what esbuild built from this folder.
type Bundle struct {
	Script string // address of the script that every page loads
	Style  string // address of the style sheet
	dist   fs.FS
	files  http.Handler
}

// Prefix is where a server mounts a Bundle.
const Prefix = "/assets/"

// Open reads esbuild's metafile, meta.json, from the dist folder.
func Open(dist fs.FS) (*Bundle, error) {
	raw, err := fs.ReadFile(dist, "meta.json")
	if err != nil {
		return nil, fmt.Errorf("read esbuild's metafile: %w", err)
	}
	var meta struct {
		Outputs map[string]struct {
			EntryPoint string `json:"entryPoint"`
			CSSBundle  string `json:"cssBundle"`
		} `json:"outputs"`
	}
	if err := json.Unmarshal(raw, &meta); err != nil {
		return nil, fmt.Errorf("read esbuild's metafile: %w", err)
	}
	b := &Bundle{dist: dist, files: http.StripPrefix(Prefix, http.FileServerFS(dist))}
	for out, about := range meta.Outputs {
		switch path.Base(about.EntryPoint) {
		case "main.ts":
			b.Script = Prefix + path.Base(out)
		case "main.css":
			b.Style = Prefix + path.Base(out)
		}
	}
	if b.Script == "" || b.Style == "" {
		return nil, fmt.Errorf("read esbuild's metafile: main.ts or main.css is not in it")
	}
	return b, nil
}

// Serve answers with a built file below Prefix, to be kept for good. Where there
// is none at the address it answers nothing, and reports that.
func (b *Bundle) Serve(w http.ResponseWriter, r *http.Request) (found bool) {
	info, err := fs.Stat(b.dist, strings.TrimPrefix(r.URL.Path, Prefix))
	if err != nil || !info.Mode().IsRegular() {
		return false
	}
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	b.files.ServeHTTP(w, r)
	return true
}
