package site

import (
	"net/http"

	webl "cnalab/web/lab"
)

// solution is our way of doing the step, where the learner may see it.
func (s *Site) solution(w http.ResponseWriter, r *http.Request) error {
	lab, step, err := s.labStep(r)
	if err != nil {
		return err
	}
	v, err := s.view(r.Context(), lab, step)
	if err != nil {
		return err
	}
	return s.answer(w, r, http.StatusOK, stepPath(lab, step.Number)+"#solution", webl.SolutionView(v.Solution()))
}

// showSolution is for the learner who asks to see it.
func (s *Site) showSolution(w http.ResponseWriter, r *http.Request) error {
	lab, step, err := s.labStep(r)
	if err != nil {
		return err
	}
	if err := s.Session(lab).ShowSolution(r.Context(), step.Number); err != nil {
		return err
	}
	return s.solution(w, r)
}
