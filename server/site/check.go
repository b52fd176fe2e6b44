package site

import (
	"context"
	"errors"
	"net/http"
	"time"

	"cnalab/labs"
	"cnalab/server/site/httperror"
)

// checker runs checks.
type checker interface {
	Check(ctx context.Context, steps ...int) (labs.Report, error)
	// StartCheck is Check for who does not wait: the events tell what it finds.
	StartCheck(steps ...int)
	// Cancel ends the check under way, if any, and waits for its end until ctx
	// ends; who waits for it gets context.Canceled.
	Cancel(ctx context.Context)
	Run() labs.Run
}

// check looks at the step. A page with scripts is answered at once and gets
// the verdicts as events; one without waits for them.
func (s *Site) check(w http.ResponseWriter, r *http.Request) error {
	lab, step, err := s.labStep(r)
	if err != nil {
		return err
	}
	session := s.Session(lab)
	if form(r) != fragment {
		if _, err := session.Check(r.Context(), step.Number); err != nil && !errors.Is(err, context.Canceled) {
			return err
		}
		http.Redirect(w, r, stepPath(lab, step.Number)+"#result-bar", http.StatusSeeOther)
		return nil
	}
	session.StartCheck(step.Number)
	return told(w, r, stepPath(lab, step.Number))
}

// cancel takes the running check back, and answers when it has ended.
func (s *Site) cancel(w http.ResponseWriter, r *http.Request) error {
	lab, err := s.lab(r)
	if err != nil {
		return err
	}
	step := lab.Step(s.stepOf(r, lab))
	if step == nil {
		return httperror.NoPage()
	}
	ctx, leave := context.WithTimeout(r.Context(), cancelTimeout)
	defer leave()
	s.Session(lab).Cancel(ctx)
	return told(w, r, stepPath(lab, step.Number)+"#result-bar")
}

// cancelTimeout is how long a check may take to end after it was cancelled;
// the page shows it as running for as long as it does.
const cancelTimeout = 3 * time.Second
