package site

import (
	"net/http"
	"strconv"

	"cnalab/labs"
	"cnalab/server/site/httperror"
	webl "cnalab/web/lab"
	"cnalab/web/words"
)

// rewriter changes many of the workspace's files at once, and keeps what it replaces.
type rewriter interface {
	ResetFile(path string, step int) (Change, error)
	Remove(path string) (Change, error)
	ResetStep(step int) (Change, error)
	ResetLab() (Change, error)
	FastForward(step int) (Change, error)
	Undo() (Change, error)
	Redo() (Change, error)
	// Last names what Undo and Redo would take back; empty where there is nothing.
	Last() (undo, redo string)
}

// Change is what a reset, a fast-forward or an undo did.
type Change struct {
	Say   string   // one sentence
	Paths []string // the files that changed
}

func (s *Site) reset(w http.ResponseWriter, r *http.Request) error {
	return s.rewrite(w, r, true, func(c Workspace, step int) (Change, error) {
		switch scope := r.PostForm.Get("scope"); scope {
		case "file":
			return c.ResetFile(r.PostForm.Get("path"), step)
		case "removal":
			return c.Remove(r.PostForm.Get("path"))
		case "step":
			return c.ResetStep(step)
		case "lab":
			return c.ResetLab()
		default:
			return Change{}, &labs.Problem{
				Kind: labs.BadInput,
				Say:  "There is nothing called " + strconv.Quote(scope) + " to reset.",
				Next: "Choose file, removal, step or lab.",
			}
		}
	})
}

func (s *Site) fastForward(w http.ResponseWriter, r *http.Request) error {
	return s.rewrite(w, r, true, func(c Workspace, step int) (Change, error) { return c.FastForward(step) })
}

func (s *Site) undo(w http.ResponseWriter, r *http.Request) error {
	return s.rewrite(w, r, false, func(c Workspace, _ int) (Change, error) { return c.Undo() })
}

func (s *Site) redo(w http.ResponseWriter, r *http.Request) error {
	return s.rewrite(w, r, false, func(c Workspace, _ int) (Change, error) { return c.Redo() })
}

// rewrite does the change and answers with what says so. Trees and open editors
// are told of their files by events.
func (s *Site) rewrite(w http.ResponseWriter, r *http.Request, undo bool, do func(Workspace, int) (Change, error)) error {
	lab, err := s.lab(r)
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return httperror.BadForm(err)
	}
	number := s.stepOf(r, lab)
	step := lab.Step(number)
	if step == nil {
		return httperror.NoPage()
	}
	session := s.Session(lab)
	session.Touch()
	change, err := do(s.Workspace(lab), number)
	if err != nil {
		return err
	}
	v, err := s.view(r.Context(), lab, step)
	if err != nil {
		return err
	}
	files, err := v.Files(r.PostForm.Get("path"))
	if err != nil {
		return err
	}
	notice := webl.Notice{At: v.At(), Say: lab.Translate(change.Say, words.Language(r.Context())), Undo: undo && len(change.Paths) > 0}
	if form(r) != fragment {
		session.Remind(change.Say, notice.Undo) // on the page that comes next
	}
	// The tree is left to the events: in this answer it could come after a newer one.
	return s.answer(w, r, http.StatusOK, stepPath(lab, number),
		webl.NoticeView(notice), webl.WorkspaceMenuView(v.WorkspaceMenu(files)))
}
