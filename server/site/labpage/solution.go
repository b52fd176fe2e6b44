package labpage

import (
	"maps"
	"slices"

	"cnalab/labs"
	webl "cnalab/web/lab"
)

func (v *View) solutionShown() bool {
	standing := v.standing[v.step.Number]
	return standing.Solution || standing.HasPassed()
}

// Solution is our way of doing the step, empty where it may not be seen.
func (v *View) Solution() webl.Solution {
	shown := webl.Solution{At: v.At()}
	if !v.solutionShown() {
		return shown
	}
	layer, before, err := v.layer()
	if err != nil {
		v.logger.Error("read solution", "lab", v.lab.ID, "step", v.step.Number, "err", err)
		return shown
	}
	shown.Shown, shown.Typed = true, layer.Run
	for _, path := range layer.Removed {
		shown.Files = append(shown.Files, webl.SolutionFile{Path: path, Change: webl.Removed})
	}
	for _, path := range slices.Sorted(maps.Keys(layer.Files)) {
		file := webl.SolutionFile{Path: path, Change: webl.Added, HTML: v.texts.File(path, string(layer.Files[path]))}
		if _, was := before[path]; was {
			file.Change = webl.Edited
		}
		shown.Files = append(shown.Files, file)
	}
	return shown
}

func (v *View) layer() (labs.Overlay, labs.Tree, error) {
	layer, err := v.lab.Solution(v.step.Number)
	if err != nil {
		return labs.Overlay{}, nil, err
	}
	before, err := v.lab.At(v.step.Number - 1)
	return layer, before, err
}
