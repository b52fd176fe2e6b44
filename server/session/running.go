package session

import (
	"context"
	"fmt"

	"cnalab/labs"
	"cnalab/server/grade"
	"cnalab/server/sandbox"
)

// doing says what the run does while no check runs, and to which part.
func (s *Session) doing(what labs.Doing, part string) {
	s.mu.Lock()
	s.last.Doing, s.last.Part = what, part
	s.mu.Unlock()
	s.watchers.change()
}

// checked takes a check's start or end into the run that a page shows.
func (s *Session) checked(event grade.CheckEvent) {
	s.mu.Lock()
	s.last.Done, s.last.Total = event.Done, event.Total
	if event.Report == nil {
		s.last.Begun = append(s.last.Begun, event.Check.Name)
	} else {
		s.last.Report = s.last.Report.With(event.Step, *event.Report)
	}
	s.mu.Unlock()
	s.watchers.change()
}

// noticeDeath remembers a broker or a database server that ended by itself
// while checks ran. What they said of the work afterwards proves nothing.
// s.mu is held.
func (s *Session) noticeDeath(part sandbox.Part) {
	if s.run != nil && part.Kind != "service" && part.State == sandbox.Crashed {
		s.run.died[part.Name] = true
	}
}

// afterDeaths takes back each not yet of a run in which a part died, and
// brings the part up again. What has passed stays: it was proved.
func (s *Session) afterDeaths(ctx context.Context, box sandbox.Sandbox, r *run, report labs.Report) labs.Report {
	s.mu.Lock()
	died := len(r.died) > 0
	var name string
	for name = range r.died {
		break
	}
	s.mu.Unlock()
	if !died {
		return report
	}
	next := "It runs again: check once more."
	if err := box.Heal(ctx, name); err != nil {
		next = "Close the sandbox and open it again. Your files are saved."
	}
	for i := range report.Steps {
		for j := range report.Steps[i].Checks {
			if check := &report.Steps[i].Checks[j]; check.Verdict != labs.Passed {
				check.Verdict = labs.CouldNotCheck
				check.Say = fmt.Sprintf("%s stopped while the check ran.", title(name))
				check.Next, check.Got, check.Want, check.At, check.Output = next, "", "", "", ""
			}
		}
	}
	report.Conclude()
	return report
}

func title(part string) string {
	switch part {
	case "kafka":
		return "Kafka"
	case "postgres":
		return "Postgres"
	}
	return part
}

// Fault breaks a part of the open sandbox until Heal.
func (s *Session) Fault(ctx context.Context, part string, fault sandbox.Fault) error {
	box, err := s.opened()
	if err != nil {
		return err
	}
	defer s.watchers.change()
	return box.Fault(ctx, part, fault)
}

// Heal undoes every fault of the part.
func (s *Session) Heal(ctx context.Context, part string) error {
	box, err := s.opened()
	if err != nil {
		return err
	}
	defer s.watchers.change()
	return box.Heal(ctx, part)
}

// Log returns the last lines of the part; none while the sandbox is closed.
func (s *Session) Log(part string, lines int) []sandbox.Line {
	box, err := s.opened()
	if err != nil {
		return nil
	}
	return box.Log(part, lines)
}

// Workbench makes a shell inside the open sandbox.
func (s *Session) Workbench(ctx context.Context) (*sandbox.Workbench, error) {
	box, err := s.opened()
	if err != nil {
		return nil, err
	}
	return box.Workbench(ctx)
}

// Environment returns what a terminal in the open sandbox is told; nothing
// while it is closed.
func (s *Session) Environment() []string {
	s.mu.Lock()
	box, _ := s.current()
	s.mu.Unlock()
	if box == nil {
		return nil
	}
	return box.Environment()
}

func (s *Session) opened() (sandbox.Sandbox, error) {
	s.Touch()
	s.mu.Lock()
	defer s.mu.Unlock()
	box, _ := s.current()
	if box == nil {
		return nil, &labs.Problem{
			Kind: labs.Conflict,
			Say:  "The sandbox is not open.",
			Next: "Open it, and do this again.",
		}
	}
	return box, nil
}
