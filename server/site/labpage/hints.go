package labpage

import (
	webl "cnalab/web/lab"
)

// Hints are those that were shown, and how many there are.
func (v *View) Hints() webl.Hints {
	all := v.step.In(v.language).Hints
	hints := webl.Hints{At: v.At(), Total: len(all)}
	for _, h := range all[:min(v.standing[v.step.Number].Hints, len(all))] {
		hints.Shown = append(hints.Shown, webl.Hint{Title: h.Title, HTML: v.texts.HTML(h.Body)})
	}
	return hints
}
