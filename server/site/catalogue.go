package site

import (
	"net/http"
	"time"

	"cnalab/labs"
	"cnalab/web/catalogue"
)

// catalogue is the first page: every lab and how far the learner is.
func (s *Site) catalogue(w http.ResponseWriter, r *http.Request) error {
	all, broken := s.Library.Labs()
	if len(all) == 0 && broken != nil {
		return broken
	}
	standing, err := s.Progress.All(r.Context())
	if err != nil {
		return err
	}
	page := catalogue.Page{Shell: s.shell(r, "", "")}
	here, last := -1, time.Time{}
	for i, lab := range all {
		shown, at := catalogueLab(lab, standing[lab.ID])
		page.Labs = append(page.Labs, shown)
		if at.After(last) {
			here, last = i, at
		}
	}
	if here >= 0 {
		page.Labs[here].Here = true
	}
	if broken != nil {
		s.Log.Warn("some labs cannot be read", "error", broken)
	}
	s.render(w, r, http.StatusOK, catalogue.View(page))
	return nil
}

// catalogueLab also returns when the learner last worked on the lab.
func catalogueLab(lab *labs.Lab, standing map[int]Standing) (catalogue.Lab, time.Time) {
	shown := catalogue.Lab{
		ID: lab.ID, Number: lab.Number, Title: lab.Title, Summary: lab.Summary, Minutes: lab.Minutes,
		Part: lab.Part(), Planned: lab.Planned, Steps: len(lab.Steps),
	}
	for _, need := range lab.Needs {
		shown.Needs = append(shown.Needs, string(need))
	}
	var last time.Time
	for _, step := range lab.Steps {
		if standing[step.Number].passed() {
			shown.Passed++
		}
		if at := standing[step.Number].LastAt; at.After(last) {
			last = at
		}
	}
	return shown, last
}
