package site

import (
	"net/http"

	"cnalab/web/mutants"
	"cnalab/web/words"
)

// mutants shows an author what the lab's checks let pass.
func (s *Site) mutants(w http.ResponseWriter, r *http.Request) error {
	lab, err := s.lab(r)
	if err != nil {
		return err
	}
	steps, err := s.Mutants(lab)
	if err != nil {
		return err
	}
	language := words.Language(r.Context())
	for i := range steps {
		if step := lab.Step(steps[i].Number); step != nil { // its text may be gone since
			steps[i].Title = step.In(language).Title
		}
	}
	name := lab.Number + " " + lab.In(language).Title
	s.render(w, r, http.StatusOK, mutants.View(mutants.Page{
		Shell: s.shell(r, words.In(r.Context()).Mutants.Title+" · "+name, ""), Lab: name, URL: "/labs/" + lab.ID,
		Command: "go run ./server labs mutate " + lab.ID, Steps: steps,
	}))
	return nil
}
