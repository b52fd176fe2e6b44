package site

import (
	"net/http"

	"cnalab/server/site/preferences"
	"cnalab/web/page"
)

// shell is what a page has around its content.
func (s *Site) shell(r *http.Request, title, path string) page.Shell {
	if path == "" {
		path = r.URL.Path
	}
	return page.Shell{Title: title, Path: path, Theme: preferences.Theme(r), Style: s.Assets.Style, Script: s.Assets.Script}
}
