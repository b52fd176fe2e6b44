package labpage

import (
	"regexp"
	"slices"
	"strings"

	webl "cnalab/web/lab"
)

var fileLink = regexp.MustCompile(`\]\(file:([^)\s:]+)`)

// Files is the tree, with the file that the learner asked for open, or else
// the first that the text speaks of.
func (v *View) Files(wanted string) (webl.Files, error) {
	paths, err := v.workspace.Tree()
	if err != nil {
		return webl.Files{}, err
	}
	files := webl.Files{At: v.At(), Paths: paths}
	candidates := []string{wanted}
	for _, m := range fileLink.FindAllStringSubmatch(v.step.In("en").Body, -1) {
		candidates = append(candidates, m[1])
	}
	candidates = append(candidates, slices.DeleteFunc(slices.Clone(paths), func(p string) bool { return !strings.HasSuffix(p, ".go") })...)
	for _, path := range candidates {
		if !slices.Contains(paths, path) {
			continue
		}
		if file, err := v.workspace.Read(path); err == nil {
			files.Open = &file
			break
		}
	}
	return files, nil
}

// WorkspaceMenu is what can be done to the whole workspace.
func (v *View) WorkspaceMenu(files webl.Files) webl.WorkspaceMenu {
	menu := webl.WorkspaceMenu{At: v.At(), Folder: v.workspace.Dir()}
	if files.Open != nil {
		menu.File = files.Open.Path
	}
	undo, redo := v.workspace.Last()
	menu.Undo, menu.Redo = v.translate(undo), v.translate(redo)
	for n := 1; n < v.step.Number; n++ {
		menu.FastForward = menu.FastForward || !v.standing[n].HasPassed()
	}
	return menu
}
