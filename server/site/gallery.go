package site

import (
	"net/http"

	"cnalab/labs"
)

// gallery shows every component in every state.
func (s *Site) gallery(w http.ResponseWriter, r *http.Request) error {
	if s.Gallery == nil {
		return &labs.Problem{Kind: labs.NotFound, Say: "There is no gallery here.", Next: "Go back to the labs."}
	}
	s.render(w, r, http.StatusOK, s.Gallery(s.shell(r, "Gallery", "")))
	return nil
}
