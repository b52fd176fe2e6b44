package site

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"cnalab/labs"
	"cnalab/server/sandbox"
	webl "cnalab/web/lab"
	"cnalab/web/words"
)

// view is one moment of one step, from which every piece of its page is made.
type view struct {
	site     *Site
	session  Session
	lab      *labs.Lab
	step     *labs.Step
	language string
	standing map[int]labs.Standing
	run      labs.Run
	status   sandbox.Status
}

func (s *Site) status(ctx context.Context, lab *labs.Lab, step *labs.Step) (*view, error) {
	session := s.Session(lab)
	standing, err := session.Standing(ctx)
	if err != nil {
		return nil, err
	}
	return &view{
		site: s, session: session, lab: lab, step: step, language: words.Language(ctx),
		standing: standing, run: session.Run(), status: session.Status(),
	}, nil
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

func (v *view) at() webl.At { return webl.At{Lab: v.lab.ID, Step: v.step.Number} }

// report is what the last check of a step said: since this server began, else
// as it is remembered.
func (v *view) report(step int) *labs.StepReport {
	if v.run.Problem == nil {
		for i := range v.run.Report.Steps {
			if v.run.Report.Steps[i].Step == step {
				return &v.run.Report.Steps[i]
			}
		}
	}
	return v.standing[step].Last
}

func (v *view) running(step int) bool {
	if !v.run.Running {
		return false
	}
	for _, s := range v.run.Steps {
		if s == step {
			return true
		}
	}
	return false
}

func (v *view) stepper() webl.Stepper {
	stepper := webl.Stepper{At: v.at(), Minutes: v.lab.Minutes}
	for _, step := range v.lab.Steps {
		stepper.Steps = append(stepper.Steps, webl.StepperStep{
			Number: step.Number, Title: step.In(v.language).Title, Verdict: v.verdict(step.Number),
		})
	}
	return stepper
}

func (v *view) verdict(step int) webl.Verdict {
	if v.running(step) {
		return webl.Checking
	}
	if report := v.report(step); report != nil {
		return webl.Verdict(report.Verdict)
	}
	return webl.Unchecked
}

func (v *view) stepLink(number int) *webl.StepLink {
	step := v.lab.Step(number)
	if step == nil {
		return nil
	}
	return &webl.StepLink{Number: number, Title: step.In(v.language).Title}
}

func badForm(err error) error {
	if _, large := tooBig(err).(*refused); large {
		return err
	}
	return &labs.Problem{
		Kind: labs.BadInput,
		Say:  "The form came in broken, so nothing was done.",
		Next: "Load the page again, and do it once more.",
		Err:  err,
	}
}
