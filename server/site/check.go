package site

import (
	"context"
	"errors"
	"net/http"

	"cnalab/labs"
	webl "cnalab/web/lab"
)

// checker runs checks.
type checker interface {
	Check(ctx context.Context, steps ...int) (labs.Report, error)
	Run() labs.Run
}

// check looks at the step. A page with scripts is answered at once and hears
// the verdicts as events; one without waits for them.
func (s *Site) check(w http.ResponseWriter, r *http.Request) error {
	lab, step, err := s.labStep(r)
	if err != nil {
		return err
	}
	s.shut.Delete(lab.ID)
	session := s.Session(lab)
	if form(r) != fragment {
		if _, err := session.Check(r.Context(), step.Number); err != nil {
			return err
		}
		http.Redirect(w, r, stepPath(lab, step.Number)+"#bar", http.StatusSeeOther)
		return nil
	}
	go s.checkOn(context.WithoutCancel(r.Context()), session, step.Number)
	v, err := s.look(r.Context(), lab, step)
	if err != nil {
		return err
	}
	bar := v.asked()
	s.render(w, r, http.StatusAccepted, webl.BarView(bar), webl.VerdictsView(bar))
	return nil
}

// checkOn checks though the asker may leave. What it finds is in the
// session's Run, where the events take it from.
func (s *Site) checkOn(ctx context.Context, session Session, step int) {
	if _, err := session.Check(ctx, step); err != nil && !errors.Is(err, context.Canceled) {
		s.Log.Info("check failed", "step", step, "error", err)
	}
}
