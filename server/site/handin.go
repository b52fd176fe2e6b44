package site

import "net/http"

// handIn sends the lab's work as one zip.
func (s *Site) handIn(w http.ResponseWriter, r *http.Request) error {
	lab, err := s.lab(r)
	if err != nil {
		return err
	}
	s.Session(lab).Touch()
	zip, err := s.HandIn(r.Context(), lab)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/zip")
	w.Header().Set("Content-Disposition", `attachment; filename="`+lab.ID+`-hand-in.zip"`)
	if _, err := w.Write(zip); err != nil {
		s.Log.Debug("hand in", "lab", lab.ID, "err", err) // the asker has left
	}
	return nil
}
