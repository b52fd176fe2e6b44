package session

import (
	"context"

	"cnalab/labs"
	"cnalab/server/sandbox"
	"cnalab/server/session/event"
)

// Fault breaks a part of the open sandbox until Heal.
func (s *Session) Fault(ctx context.Context, part string, fault sandbox.Fault) error {
	running, err := s.whenOpen()
	if err != nil {
		return err
	}
	defer s.bus.Publish(event.Parts)
	return running.Fault(ctx, part, fault)
}

// Heal undoes every fault of the part.
func (s *Session) Heal(ctx context.Context, part string) error {
	running, err := s.whenOpen()
	if err != nil {
		return err
	}
	defer s.bus.Publish(event.Parts)
	return running.Heal(ctx, part)
}

// Log returns the last lines of the part; none while the sandbox is closed.
func (s *Session) Log(part string, lines int) []sandbox.Line {
	running, err := s.whenOpen()
	if err != nil {
		return nil
	}
	return running.Log(part, lines)
}

// Workbench makes a shell inside the open sandbox.
func (s *Session) Workbench(ctx context.Context) (*sandbox.Workbench, error) {
	running, err := s.whenOpen()
	if err != nil {
		return nil, err
	}
	return running.Workbench(ctx)
}

// Environment returns what a terminal in the open sandbox is told; nothing
// while it is closed.
func (s *Session) Environment() []string {
	s.mu.Lock()
	running, _ := s.current()
	s.mu.Unlock()
	if running == nil {
		return nil
	}
	return running.Environment()
}

func (s *Session) whenOpen() (sandbox.Sandbox, error) {
	s.Touch()
	s.mu.Lock()
	defer s.mu.Unlock()
	running, _ := s.current()
	if running == nil {
		return nil, &labs.Problem{
			Kind: labs.Conflict,
			Say:  "The sandbox is not open.",
			Next: "Open it, and do this again.",
		}
	}
	return running, nil
}
