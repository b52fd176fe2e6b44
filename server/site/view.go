package site

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"cnalab/labs"
	"cnalab/server/site/files"
	"cnalab/server/site/labpage"
	webl "cnalab/web/lab"
)

// view is the step as it is now.
func (s *Site) view(ctx context.Context, lab *labs.Lab, step *labs.Step) (*labpage.View, error) {
	return labpage.Look(ctx, labpage.Source{
		Lab: lab, Step: step, Session: s.Session(lab), Workspace: shown{s.Workspace(lab)}, Texts: &s.texts, Log: s.Log,
	})
}

// shown is a workspace as a page shows it.
type shown struct{ Workspace }

func (w shown) Read(path string) (webl.File, error) {
	text, err := w.Workspace.Read(path)
	return webl.File{Path: text.Path, Text: text.Text, ETag: files.Quoted(text.ETag)}, err
}

// stepOf is the step that a request about the whole lab was made from: it
// names it, or comes from its page, else it is the one to go on with.
func (s *Site) stepOf(r *http.Request, lab *labs.Lab) int {
	named := r.URL.Query().Get("step")
	if named == "" && r.PostForm != nil {
		named = r.PostForm.Get("step")
	}
	if n, err := strconv.Atoi(named); err == nil && lab.Step(n) != nil {
		return n
	}
	for _, from := range []string{r.Header.Get("HX-Current-URL"), r.Referer()} {
		u, err := url.Parse(from)
		if err != nil {
			continue
		}
		rest, found := strings.CutPrefix(u.Path, "/labs/"+lab.ID+"/steps/")
		if n, err := strconv.Atoi(rest); found && err == nil && lab.Step(n) != nil {
			return n
		}
	}
	standing, _ := s.Session(lab).Standing(r.Context())
	return current(lab, standing)
}
