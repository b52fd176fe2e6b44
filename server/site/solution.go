package site

import (
	"maps"
	"net/http"
	"slices"

	"cnalab/labs"
	webl "cnalab/web/lab"
)

// solution is our way of doing the step, where the learner may see it.
func (s *Site) solution(w http.ResponseWriter, r *http.Request) error {
	lab, step, err := s.labStep(r)
	if err != nil {
		return err
	}
	v, err := s.status(r.Context(), lab, step)
	if err != nil {
		return err
	}
	return s.answer(w, r, http.StatusOK, stepPath(lab, step.Number)+"#solution", webl.SolutionView(v.solution()))
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

func (v *view) solutionShown() bool {
	standing := v.standing[v.step.Number]
	return standing.Solution || standing.HasPassed()
}

func (v *view) solution() webl.Solution {
	shown := webl.Solution{At: v.at()}
	if !v.solutionShown() {
		return shown
	}
	layer, before, err := v.layer()
	if err != nil {
		v.site.Log.Error("read solution", "lab", v.lab.ID, "step", v.step.Number, "err", err)
		return shown
	}
	shown.Shown, shown.Typed = true, layer.Run
	for _, path := range layer.Removed {
		shown.Files = append(shown.Files, webl.SolutionFile{Path: path, Change: webl.Removed})
	}
	for _, path := range slices.Sorted(maps.Keys(layer.Files)) {
		file := webl.SolutionFile{Path: path, Change: webl.Added, HTML: v.site.texts.file(path, string(layer.Files[path]))}
		if _, was := before[path]; was {
			file.Change = webl.Edited
		}
		shown.Files = append(shown.Files, file)
	}
	return shown
}

func (v *view) layer() (labs.Overlay, labs.Tree, error) {
	layer, err := v.lab.Solution(v.step.Number)
	if err != nil {
		return labs.Overlay{}, nil, err
	}
	before, err := v.lab.At(v.step.Number - 1)
	return layer, before, err
}
