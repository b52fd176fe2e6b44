package site

import (
	"net/http"

	"cnalab/labs"
	"cnalab/server/site/labpage"
	webl "cnalab/web/lab"
	"cnalab/web/words"
)

// labStart goes to the step to go on with.
func (s *Site) labStart(w http.ResponseWriter, r *http.Request) error {
	lab, err := s.named(r)
	if err != nil {
		return err
	}
	if lab.Planned {
		s.plannedPage(w, r, lab)
		return nil
	}
	standing, err := s.Session(lab).ReadStanding(r.Context())
	if err != nil {
		return err
	}
	http.Redirect(w, r, stepPath(lab, current(lab, standing)), http.StatusSeeOther)
	return nil
}

func (s *Site) plannedPage(w http.ResponseWriter, r *http.Request, lab *labs.Lab) {
	name := labpage.Heading(lab, words.Language(r.Context()))
	s.render(w, r, http.StatusOK, webl.View(webl.Page{Shell: s.shell(r, name.Title, ""), Heading: name}))
}

// labPage is the page of one step. Its sandbox opens while the learner reads.
func (s *Site) labPage(w http.ResponseWriter, r *http.Request) error {
	if lab, err := s.named(r); err == nil && lab.Planned {
		http.Redirect(w, r, "/labs/"+lab.ID, http.StatusSeeOther)
		return nil
	}
	lab, step, err := s.labStep(r)
	if err != nil {
		return err
	}
	if err := s.Workspace(lab).Open(r.Context()); err != nil {
		return err
	}
	s.Session(lab).Visit()
	if _, err := s.Session(lab).ReadStanding(r.Context()); err != nil {
		return err
	}
	v, err := s.view(r.Context(), lab, step)
	if err != nil {
		return err
	}
	language := words.Language(r.Context())
	shell := s.shell(r, step.In(language).Title+" · "+lab.In(language).Title, "")
	page, err := v.Page(shell, r.URL.Query().Get("file"))
	if err != nil {
		return err
	}
	s.render(w, r, http.StatusOK, webl.View(page))
	return nil
}
