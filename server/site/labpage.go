package site

import (
	"net/http"
	"regexp"
	"slices"
	"strings"

	"cnalab/labs"
	webl "cnalab/web/lab"
	"cnalab/web/words"
)

// labStart goes to the step to go on with.
func (s *Site) labStart(w http.ResponseWriter, r *http.Request) error {
	lab, err := s.lab(r)
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
	name := heading(lab, words.Language(r.Context()))
	s.render(w, r, http.StatusOK, webl.View(webl.Page{Shell: s.shell(r, name.Title, ""), Heading: name}))
}

// labPage is the page of one step. Its sandbox opens while the learner reads.
func (s *Site) labPage(w http.ResponseWriter, r *http.Request) error {
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
	v, err := s.status(r.Context(), lab, step)
	if err != nil {
		return err
	}
	page, err := v.page(r)
	if err != nil {
		return err
	}
	s.render(w, r, http.StatusOK, webl.View(page))
	return nil
}

func heading(lab *labs.Lab, language string) webl.Heading {
	name := lab.In(language)
	return webl.Heading{Number: lab.Number, Title: name.Title, Summary: name.Summary, Planned: lab.Planned}
}

func (v *view) page(r *http.Request) (webl.Page, error) {
	files, err := v.files(r.URL.Query().Get("file"))
	if err != nil {
		return webl.Page{}, err
	}
	return webl.Page{
		Shell:     v.site.shell(r, v.step.In(v.language).Title+" · "+v.lab.In(v.language).Title, ""),
		Heading:   heading(v.lab, v.language),
		Stepper:   v.stepper(),
		Text:      v.text(),
		Workbench: webl.Workbench{Files: files, WorkspaceMenu: v.workspaceMenu(files), Sandbox: v.sandbox(), Log: v.log()},
		ResultBar: v.resultBar(),
		Notice:    v.notice(),
	}, nil
}

func (v *view) text() webl.Text {
	text := v.step.In(v.language)
	_, translated := v.step.Texts[v.language]
	html, words := v.prose()
	return webl.Text{
		At:           v.at(),
		Title:        text.Title,
		HTML:         html,
		Words:        words,
		Untranslated: !translated,
		Hints:        v.hints(),
		Solution:     v.solution(),
		Before:       v.stepLink(v.step.Number - 1),
		Next:         v.stepLink(v.step.Number + 1),
	}
}

// notice says what was mended, or what the form before this page did.
func (v *view) notice() webl.Notice {
	n := webl.Notice{At: v.at()}
	n.Say, n.Undo = v.session.Reminder()
	if mended := v.site.Workspace(v.lab).Notices(); len(mended) > 0 {
		n.Say = strings.TrimSpace(n.Say + " " + strings.Join(mended, " "))
	}
	return n
}

var fileLink = regexp.MustCompile(`\]\(file:([^)\s:]+)`)

// files is the tree, with the file that the learner asked for open, or else
// the first that the text speaks of.
func (v *view) files(wanted string) (webl.Files, error) {
	workspace := v.site.Workspace(v.lab)
	paths, err := workspace.Tree()
	if err != nil {
		return webl.Files{}, err
	}
	files := webl.Files{At: v.at(), Paths: paths}
	candidates := []string{wanted}
	for _, m := range fileLink.FindAllStringSubmatch(v.step.In("en").Body, -1) {
		candidates = append(candidates, m[1])
	}
	candidates = append(candidates, slices.DeleteFunc(slices.Clone(paths), func(p string) bool { return !strings.HasSuffix(p, ".go") })...)
	for _, path := range candidates {
		if !slices.Contains(paths, path) {
			continue
		}
		if text, err := workspace.Read(path); err == nil {
			files.Open = &webl.File{Path: text.Path, Text: text.Text, ETag: quoted(text.ETag)}
			break
		}
	}
	return files, nil
}

// workspaceMenu is what can be done to the whole workspace.
func (v *view) workspaceMenu(files webl.Files) webl.WorkspaceMenu {
	menu := webl.WorkspaceMenu{At: v.at(), Folder: v.site.Workspace(v.lab).Dir()}
	if files.Open != nil {
		menu.File = files.Open.Path
	}
	menu.Undo, _ = v.site.Workspace(v.lab).Last()
	for n := 1; n < v.step.Number; n++ {
		menu.FastForward = menu.FastForward || !v.standing[n].HasPassed()
	}
	return menu
}
