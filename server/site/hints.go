package site

import (
	"net/http"

	webl "cnalab/web/lab"
)

// hints shows one more hint.
func (s *Site) hints(w http.ResponseWriter, r *http.Request) error {
	lab, step, err := s.labStep(r)
	if err != nil {
		return err
	}
	if err := s.Session(lab).ShowHint(r.Context(), step.Number, len(step.In("en").Hints)); err != nil {
		return err
	}
	v, err := s.view(r.Context(), lab, step)
	if err != nil {
		return err
	}
	return s.answer(w, r, http.StatusOK, stepPath(lab, step.Number)+"#hints", webl.HintsView(v.Hints()))
}
