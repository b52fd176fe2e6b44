package site

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"path/filepath"

	"cnalab/labs"
	"cnalab/server/sandbox"
	"cnalab/server/site/httperror"
)

// request is what the command line asks of a running server.
type request struct {
	Lab       string `json:"lab"`
	Step      int    `json:"step"`      // 0 for all
	Workspace string `json:"workspace"` // empty for the learner's own
}

// verify checks in this server's own sandbox where it has the lab open, so
// that the result shows on the page too. Else it says so, and the command
// line opens a sandbox of its own.
func (s *Site) verify(w http.ResponseWriter, r *http.Request) error {
	var asked request
	if err := json.NewDecoder(r.Body).Decode(&asked); err != nil {
		return httperror.BadForm(err)
	}
	all, _ := s.Library.Labs()
	lab, err := labs.Find(all, asked.Lab)
	if err != nil {
		return err
	}
	if asked.Step != 0 && lab.Step(asked.Step) == nil {
		return httperror.NoPage()
	}
	session := s.Session(lab)
	if session.Status().Phase != sandbox.Open || !s.sameWorkspace(lab, asked.Workspace) {
		return &labs.Problem{
			Kind: labs.Conflict,
			Say:  "This server has no sandbox open on that workspace.",
			Next: "Open the lab's page, or let the command open a sandbox of its own.",
		}
	}
	var steps []int
	if asked.Step != 0 {
		steps = append(steps, asked.Step)
	}
	report, err := session.Check(r.Context(), steps...)
	if errors.Is(err, context.Canceled) {
		return &labs.Problem{Kind: labs.Conflict, Err: err,
			Say:  "The check was cancelled in the browser.",
			Next: "Check again."}
	}
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, report)
	return nil
}

func (s *Site) sameWorkspace(lab *labs.Lab, workspace string) bool {
	return workspace == "" || filepath.Clean(workspace) == filepath.Clean(s.Workspace(lab).Dir())
}
