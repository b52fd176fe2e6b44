package site

import (
	"cmp"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"cnalab/labs"
	"cnalab/labs/translate"
	"cnalab/web/catalogue"
	"cnalab/web/words"
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
		shown, at := catalogueLab(lab, words.Language(r.Context()), standing[lab.ID])
		page.Labs = append(page.Labs, shown)
		if at.After(last) {
			here, last = i, at
		}
	}
	if here >= 0 {
		page.Labs[here].Here = true
	}
	page.Labs = withBroken(page.Labs, broken, words.Language(r.Context()))
	s.render(w, r, http.StatusOK, catalogue.View(page))
	return nil
}

// catalogueLab also returns when the learner last worked on the lab.
func catalogueLab(lab *labs.Lab, language string, standing map[int]labs.Standing) (catalogue.Lab, time.Time) {
	name := lab.In(language)
	shown := catalogue.Lab{
		ID: lab.ID, Number: lab.Number, Title: name.Title, Summary: name.Summary, Minutes: lab.Minutes,
		Half: string(lab.Half), Map: catalogueMap(lab.Map), Planned: lab.Planned, Steps: len(lab.Steps),
	}
	shown.Needs = lab.Needs()
	var last time.Time
	for _, step := range lab.Steps {
		if standing[step.Number].HasPassed() {
			shown.Passed++
		}
		if at := standing[step.Number].LastAt; at.After(last) {
			last = at
		}
	}
	return shown, last
}

var labFolder = regexp.MustCompile(`(?m)^(\d+)-([a-z0-9-]+)`)

// withBroken puts labs that cannot be read in their places, so that nobody
// looks for them in vain. The problem names their folders.
func withBroken(all []catalogue.Lab, broken error, language string) []catalogue.Lab {
	if broken == nil {
		return all
	}
	p := labs.AsProblem(broken)
	say := fmt.Sprintf("This lab cannot be read. %s", p.Next)
	seen := map[string]bool{}
	for _, m := range labFolder.FindAllStringSubmatch(p.Detail, -1) {
		if seen[m[0]] {
			continue
		}
		seen[m[0]] = true
		all = append(all, catalogue.Lab{
			ID: m[2], Number: m[1], Title: strings.ReplaceAll(m[2], "-", " "),
			Problem: translate.In(language, say),
		})
	}
	slices.SortStableFunc(all, func(a, b catalogue.Lab) int { return cmp.Compare(a.Number, b.Number) })
	half := string(labs.HalfBuild)
	for i := range all {
		half = cmp.Or(all[i].Half, half) // of one that cannot be read: that of the lab before it
		all[i].Half = half
	}
	return all
}

// catalogueMap is what the lab adds to the map, in the catalogue's own types.
func catalogueMap(piece labs.Map) (shown catalogue.Map) {
	for _, node := range piece.Nodes {
		shown.Nodes = append(shown.Nodes, catalogue.Node(node))
	}
	for _, link := range piece.Links {
		shown.Links = append(shown.Links, catalogue.Link(link))
	}
	for _, frame := range piece.Frames {
		shown.Frames = append(shown.Frames, catalogue.Frame(frame))
	}
	return shown
}
