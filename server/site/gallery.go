package site

import (
	"net/http"

	"cnalab/web/gallery"
)

// gallery shows every component in every state.
func (s *Site) gallery(w http.ResponseWriter, r *http.Request) error {
	s.render(w, r, http.StatusOK, gallery.View(gallery.Page{Shell: s.shell(r, "Gallery", "")}))
	return nil
}
