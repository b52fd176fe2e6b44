package session

import (
	"context"
	"errors"
	"slices"

	"cnalab/labs"
	"cnalab/server/grade"
	"cnalab/server/sandbox"
	"cnalab/server/session/event"
)

// runChecks opens, applies what the workspace holds now, and runs the checks.
func (s *Session) runChecks(ctx context.Context, r *run) (labs.Report, error) {
	s.doing(s.waitsFor(), "")
	if err := s.Open(ctx); err != nil {
		return labs.Report{}, err
	}
	running, dir, err := s.openSandbox(ctx)
	if err != nil {
		return labs.Report{}, err
	}
	if problem := s.ready(ctx, running); problem != nil {
		return grade.Broken(s.Lab(), r.steps, problem), ctx.Err()
	}
	s.doing(s.waitsFor(), "")
	report := s.sessions.config.Grader.Run(ctx, grade.Run{
		Lab: s.Lab(), Steps: r.steps, Environment: running.Environment(), Workspace: dir, Events: s.checked,
	})
	if ctx.Err() != nil {
		return labs.Report{}, ctx.Err()
	}
	report = s.afterDeaths(ctx, running, r, report)
	s.tellPassed(ctx, running, dir, report)
	return report, nil
}

// tellPassed tells of what has passed, where that is the learner's own work.
func (s *Session) tellPassed(ctx context.Context, running sandbox.Sandbox, dir string, report labs.Report) {
	p := Passed{Lab: s.Lab(), Workspace: dir, Environment: running.Environment(), Sandbox: s.Status().Since}
	for _, step := range report.Steps {
		if step.Verdict == labs.Passed {
			p.Steps = append(p.Steps, step.Step)
		}
	}
	if tell := s.sessions.config.Passed; tell != nil && s.workspace == "" && len(p.Steps) > 0 {
		tell(ctx, p)
	}
}

// openSandbox returns the open sandbox and its workspace, which is made again
// where somebody deleted it under the server.
func (s *Session) openSandbox(ctx context.Context) (sandbox.Sandbox, string, error) {
	if _, err := s.openWorkspace(ctx); err != nil {
		return nil, "", err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	running, dir := s.current()
	if running == nil {
		return nil, "", &labs.Problem{
			Kind: labs.Sandbox,
			Say:  "The sandbox was closed while the check was waiting for it.",
			Next: "Check again; that opens it.",
		}
	}
	return running, dir, nil
}

// ready heals what the learner broke, because a verdict is about the work and
// not about a fault left behind, and makes the services run the workspace.
func (s *Session) ready(ctx context.Context, running sandbox.Sandbox) *labs.Problem {
	for _, part := range running.Parts() {
		if !unwell(part) {
			continue
		}
		s.doing(labs.Heals, part.Name)
		if err := running.Heal(ctx, part.Name); err != nil {
			return labs.AsProblem(err)
		}
	}
	if len(s.Lab().Services()) > 0 {
		s.doing(labs.Builds, "")
	}
	if err := running.Apply(ctx); err != nil {
		return labs.AsProblem(err)
	}
	return nil
}

// unwell reports whether healing may help the part. A service that does not
// build or crashes by itself is the work's own affair, and Apply says so.
func unwell(part sandbox.Part) bool {
	switch part.State {
	case sandbox.Paused, sandbox.Slowed, sandbox.Severed, sandbox.Stopped:
		return true
	case sandbox.Crashed:
		return part.Kind != "service"
	}
	return false
}

// waitsFor is what a run has to wait for: a sandbox, in a lab that has one and
// where it is not open, or its checks, which are compiled when it opens.
func (s *Session) waitsFor() labs.Doing {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case len(s.Lab().Parts) > 0 && s.status.Phase != sandbox.Open:
		return labs.OpensSandbox
	case !slices.ContainsFunc(s.status.Stages, func(stage sandbox.Stage) bool { return stage.Name == compileStage && stage.Done }):
		return labs.Compiles
	}
	return ""
}

// doing says what the run does while no check runs, and to which part.
func (s *Session) doing(what labs.Doing, part string) {
	s.mu.Lock()
	s.last.Doing, s.last.Part = what, part
	s.mu.Unlock()
	s.bus.Publish(event.Run)
}

// checked takes a check's start or end into the run that a page shows.
func (s *Session) checked(step int, check labs.CheckReport) {
	s.mu.Lock()
	s.last.Doing, s.last.Report = "", s.last.Report.With(step, check)
	s.mu.Unlock()
	s.bus.Publish(event.Run)
}

// release ends the run, remembers what it found and lets the next one in.
func (s *Session) release(ctx context.Context, r *run) {
	if r.err == nil {
		s.record(ctx, r.report)
	}
	s.mu.Lock()
	s.run = nil
	asked := s.last.Asked
	s.last = s.ended(r)
	s.last.Asked = asked
	s.mu.Unlock()
	close(r.done)
	s.bus.Publish(event.Run, event.Progress)
}

// ended is the run as it is shown after its end. One that was taken back has
// nothing to show: half a report says less than the one before it. s.mu is held.
func (s *Session) ended(r *run) labs.Run {
	now := s.last
	now.Running, now.Doing, now.Part = false, "", ""
	now.Problem, now.Cancelled = problemOf(r.err), errors.Is(r.err, context.Canceled)
	switch {
	case r.err == nil:
		now.Report = r.report
	case now.Cancelled:
		now.Report = labs.Report{Lab: s.Lab().ID}
	}
	return now
}

// problemOf is nil for a run that was taken back: nothing went wrong then.
func problemOf(err error) *labs.Problem {
	if err == nil || errors.Is(err, context.Canceled) {
		return nil
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return &labs.Problem{Kind: labs.Machine, Say: "The check took too long and was ended.", Next: "Check again.", Err: err}
	}
	return labs.AsProblem(err)
}
