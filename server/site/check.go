package site

import (
	"context"
	"errors"
	"net/http"
	"time"

	"cnalab/labs"
	webl "cnalab/web/lab"
)

// checker runs checks.
type checker interface {
	Check(ctx context.Context, steps ...int) (labs.Report, error)
	// Cancel ends the check under way, if any; its caller gets context.Canceled.
	Cancel()
	Run() labs.Run
}

// check looks at the step. A page with scripts is answered at once and hears
// the verdicts as events; one without waits for them.
func (s *Site) check(w http.ResponseWriter, r *http.Request) error {
	lab, step, err := s.labStep(r)
	if err != nil {
		return err
	}
	s.close.Delete(lab.ID)
	session := s.Session(lab)
	if form(r) != fragment {
		if _, err := session.Check(r.Context(), step.Number); err != nil && !errors.Is(err, context.Canceled) {
			return err
		}
		http.Redirect(w, r, stepPath(lab, step.Number)+"#result-bar", http.StatusSeeOther)
		return nil
	}
	go s.checkOn(context.WithoutCancel(r.Context()), session, step.Number)
	v, err := s.status(r.Context(), lab, step)
	if err != nil {
		return err
	}
	bar := v.asked()
	s.render(w, r, http.StatusAccepted, webl.ResultBarView(bar), webl.VerdictsView(bar))
	return nil
}

// cancel takes the running check back, and answers when it has ended.
func (s *Site) cancel(w http.ResponseWriter, r *http.Request) error {
	lab, err := s.lab(r)
	if err != nil {
		return err
	}
	step := lab.Step(s.stepOf(r, lab))
	if step == nil {
		return noPage()
	}
	session := s.Session(lab)
	session.Cancel()
	untilEnded(r.Context(), session)
	v, err := s.status(r.Context(), lab, step)
	if err != nil {
		return err
	}
	bar := v.resultBar()
	return s.answer(w, r, http.StatusOK, stepPath(lab, step.Number)+"#result-bar",
		webl.ResultBarView(bar), webl.VerdictsView(bar), webl.StepperView(v.stepper()))
}

// patience is how long a check may take to end after it was cancelled; the
// page shows it as running for as long as it does.
const timeout = 3 * time.Second

func untilEnded(ctx context.Context, session Session) {
	ctx, leave := context.WithTimeout(ctx, timeout)
	defer leave()
	changed := make(chan struct{}, 1)
	stop := session.Watch(func() {
		select {
		case changed <- struct{}{}:
		default:
		}
	}, nil)
	defer stop()
	for session.Run().Running && ctx.Err() == nil {
		select {
		case <-changed:
		case <-ctx.Done():
		}
	}
}

// checkOn checks though the asker may leave. What it finds is in the
// session's Run, where the events take it from.
func (s *Site) checkOn(ctx context.Context, session Session, step int) {
	if _, err := session.Check(ctx, step); err != nil && !errors.Is(err, context.Canceled) {
		s.Log.Info("check failed", "step", step, "error", err)
	}
}
