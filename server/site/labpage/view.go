// Package labpage makes the model of a lab's page, and of every piece of it,
// from what its session, its workspace and its texts say at one moment. It
// knows nothing of requests.
package labpage

import (
	"context"
	"log/slog"
	"slices"

	"cnalab/labs"
	"cnalab/server/sandbox"
	"cnalab/server/site/markdown"
	webl "cnalab/web/lab"
	"cnalab/web/words"
)

// Session says how the lab is now; package session has the real one.
type Session interface {
	Standing(ctx context.Context) (map[int]labs.Standing, error)
	Run() labs.Run
	Status() sandbox.Status
	Log(part string, lines int) []sandbox.Line
	// Reminder is a sentence that was kept for this page.
	Reminder() (say string, undo bool)
}

// Workspace is the learner's files, as a page shows them.
type Workspace interface {
	Tree() ([]string, error)
	Read(path string) (webl.File, error)
	// Dir is where the files are.
	Dir() string
	// Notices returns what was mended since the last call.
	Notices() []string
	// Last names what an undo and a redo would take back; empty where there is nothing.
	Last() (undo, redo string)
}

// Source is what a page is made from.
type Source struct {
	Lab       *labs.Lab
	Step      *labs.Step
	Session   Session
	Workspace Workspace
	Texts     *markdown.Renderer
	Log       *slog.Logger
}

// View is one moment of one step, from which every piece of its page is made.
type View struct {
	lab       *labs.Lab
	step      *labs.Step
	session   Session
	workspace Workspace
	texts     *markdown.Renderer
	logger    *slog.Logger
	language  string
	answer    string // what the line says that opens the answer of a question
	standing  map[int]labs.Standing
	run       labs.Run
	status    sandbox.Status
}

// Look returns the step as it is now, in the language of ctx.
func Look(ctx context.Context, at Source) (*View, error) {
	standing, err := at.Session.Standing(ctx)
	if err != nil {
		return nil, err
	}
	return &View{
		lab: at.Lab, step: at.Step, session: at.Session, workspace: at.Workspace, texts: at.Texts, logger: at.Log,
		language: words.Language(ctx), answer: words.In(ctx).Lab.Answer, standing: standing, run: at.Session.Run(), status: at.Session.Status(),
	}, nil
}

// translate is what a check or the program says, in the reader's language.
func (v *View) translate(english string) string { return v.lab.Translate(english, v.language) }

// At is the page's address.
func (v *View) At() webl.At { return webl.At{Lab: v.lab.ID, Step: v.step.Number} }

// report is what the last check of a step said: since this server began, else
// as it is remembered.
func (v *View) report(step int) *labs.StepReport {
	if v.run.Problem == nil {
		for i := range v.run.Report.Steps {
			if v.run.Report.Steps[i].Step == step {
				return &v.run.Report.Steps[i]
			}
		}
	}
	return v.standing[step].Last
}

func (v *View) running(step int) bool {
	return v.asked(step) || v.run.Running && slices.Contains(v.run.Steps, step)
}

// asked reports whether a check of the step waits to begin.
func (v *View) asked(step int) bool { return slices.Contains(v.run.Asked, step) }

// Stepper is every step of the lab with its verdict.
func (v *View) Stepper() webl.Stepper {
	stepper := webl.Stepper{At: v.At(), Minutes: v.lab.Minutes}
	for _, step := range v.lab.Steps {
		stepper.Steps = append(stepper.Steps, webl.StepperStep{
			Number: step.Number, Title: step.In(v.language).Title, Verdict: v.verdict(step.Number),
		})
	}
	return stepper
}

func (v *View) verdict(step int) webl.Verdict {
	if v.running(step) {
		return webl.Checking
	}
	if report := v.report(step); report != nil {
		return webl.Verdict(report.Verdict)
	}
	return webl.Unchecked
}

func (v *View) stepLink(number int) *webl.StepLink {
	step := v.lab.Step(number)
	if step == nil {
		return nil
	}
	return &webl.StepLink{Number: number, Title: step.In(v.language).Title}
}
