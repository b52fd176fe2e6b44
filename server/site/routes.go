package site

import (
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"cnalab/labs"
	"cnalab/server/site/files"
	"cnalab/server/site/httperror"
	"cnalab/server/site/preferences"
	"cnalab/web/assets"
)

// routes is the whole HTTP contract of the site, in one place.
func (s *Site) routes() http.Handler {
	mux := http.NewServeMux()
	files := files.API{Lab: s.filesOf, Log: s.Log}
	for pattern, h := range map[string]func(http.ResponseWriter, *http.Request) error{
		"GET /{$}":                               s.catalogue,
		"GET /gallery":                           s.gallery,
		"GET /labs/{lab}":                        s.labStart,
		"GET /labs/{lab}/steps/{step}":           s.labPage,
		"GET /labs/{lab}/mutants":                s.mutants,
		"GET /labs/{lab}/events":                 s.events,
		"POST /labs/{lab}/open":                  s.openSandbox,
		"POST /labs/{lab}/close":                 s.closeSandbox,
		"POST /labs/{lab}/parts/{part}/fault":    s.fault,
		"POST /labs/{lab}/parts/{part}/heal":     s.heal,
		"POST /labs/{lab}/snapshot":              s.snapshot,
		"POST /labs/{lab}/restore":               s.restore,
		"POST /labs/{lab}/steps/{step}/check":    s.check,
		"POST /labs/{lab}/cancel":                s.cancel,
		"POST /labs/{lab}/steps/{step}/hints":    s.hints,
		"GET /labs/{lab}/steps/{step}/solution":  s.solution,
		"POST /labs/{lab}/steps/{step}/solution": s.showSolution,
		"GET /labs/{lab}/files":                  files.List,
		"GET /labs/{lab}/files/{path...}":        files.Read,
		"PUT /labs/{lab}/files/{path...}":        files.Write,
		"GET /labs/{lab}/workspace.zip":          files.Download,
		"GET /labs/{lab}/handin.zip":             s.handIn,
		"POST /labs/{lab}/reset":                 s.reset,
		"POST /labs/{lab}/undo":                  s.undo,
		"POST /labs/{lab}/redo":                  s.redo,
		"POST /labs/{lab}/fast-forward":          s.fastForward,
		"GET /labs/{lab}/terminal":               s.listTerminals,
		"POST /labs/{lab}/terminal":              s.openTerminal,
		"GET /labs/{lab}/terminal/{id}":          s.socket,
		"DELETE /labs/{lab}/terminal/{id}":       s.closeTerminal,
		"POST /language":                         preferences.SetLanguage,
		"POST /theme":                            preferences.SetTheme,
		"POST /api/verify":                       s.verify,
	} {
		mux.Handle(pattern, s.handle(h))
	}
	mux.Handle("GET "+assets.Prefix, s.handle(s.asset))
	return s.orElse(mux)
}

// orElse says in our own words what the mux would say in bare status codes.
func (s *Site) orElse(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, pattern := mux.Handler(r); pattern != "" {
			mux.ServeHTTP(w, r)
			return
		}
		for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete} {
			other := r.Clone(r.Context())
			other.Method = method
			if _, pattern := mux.Handler(other); pattern != "" {
				s.fail(w, r, httperror.MethodNotAllowed(r))
				return
			}
		}
		s.fail(w, r, httperror.NoPage())
	})
}

// asset is a script, a style or a font.
func (s *Site) asset(w http.ResponseWriter, r *http.Request) error {
	if !s.Assets.Serve(w, r) {
		return httperror.NoPage()
	}
	return nil
}

// filesOf are those of the lab that the address names.
func (s *Site) filesOf(r *http.Request) (files.Lab, error) {
	lab, err := s.lab(r)
	if err != nil {
		return files.Lab{}, err
	}
	return files.Lab{ID: lab.ID, Workspace: s.Workspace(lab), Touch: func() { s.Session(lab).Touch() }}, nil
}

// lab returns the lab that the address names, which must be written already:
// one that is planned has a page, and nothing else.
func (s *Site) lab(r *http.Request) (*labs.Lab, error) {
	lab, err := s.named(r)
	if err == nil && lab.Planned {
		return nil, &labs.Problem{Kind: labs.NotFound, Say: "This lab is planned: it has no steps yet.", Next: "Choose a lab from the catalogue."}
	}
	return lab, err
}

// named returns the lab that the address names, be it planned.
func (s *Site) named(r *http.Request) (*labs.Lab, error) {
	all, broken := s.Library.Labs()
	lab, err := labs.Find(all, r.PathValue("lab"))
	if err != nil && broken != nil {
		return nil, broken // the one asked for may be the one that cannot be read
	}
	return lab, err
}

// labStep returns the lab and the step that the address names.
func (s *Site) labStep(r *http.Request) (*labs.Lab, *labs.Step, error) {
	lab, err := s.lab(r)
	if err != nil {
		return nil, nil, err
	}
	number, err := strconv.Atoi(r.PathValue("step"))
	if step := lab.Step(number); err == nil && step != nil {
		return lab, step, nil
	}
	return nil, nil, &labs.Problem{
		Kind: labs.NotFound,
		Say:  "This lab has no step " + strconv.Quote(r.PathValue("step")) + ".",
		Next: "Choose one of its " + strconv.Itoa(len(lab.Steps)) + " steps at the top of the lab's page.",
	}
}

// render writes a page or fragments. The components are short and their
// models are whole by now, so what fails here is the asker's connection.
func (s *Site) render(w http.ResponseWriter, r *http.Request, code int, components ...templ.Component) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(code)
	for _, c := range components {
		if err := c.Render(r.Context(), w); err != nil {
			s.Log.Debug("render", "path", r.URL.Path, "err", err)
			return
		}
	}
}

// answer ends a form's request: with fragments for a page that has scripts,
// and by going back to the step for one that has none.
func (s *Site) answer(w http.ResponseWriter, r *http.Request, code int, to string, components ...templ.Component) error {
	if form(r) == fragment {
		s.render(w, r, code, components...)
		return nil
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// told ends the request of a form where the events tell the page what becomes of
// it: pieces in the answer could come after newer ones.
func told(w http.ResponseWriter, r *http.Request, to string) error {
	if form(r) == fragment {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

func stepPath(lab *labs.Lab, step int) string {
	return "/labs/" + lab.ID + "/steps/" + strconv.Itoa(step)
}
