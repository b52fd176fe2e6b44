package session

import (
	"context"
	"time"

	"cnalab/labs"
	"cnalab/server/sandbox"
	"cnalab/server/session/event"
)

// Snapshot keeps what the open sandbox's parts have stored, for Restore.
func (s *Session) Snapshot(ctx context.Context) error {
	running, err := s.idle()
	if err != nil {
		return err
	}
	defer s.bus.Publish(event.Sandbox)
	if err := running.Snapshot(ctx); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if now, _ := s.current(); now == running {
		s.status.Kept = time.Now()
	}
	return nil
}

// Restore goes back to what Snapshot has kept.
func (s *Session) Restore(ctx context.Context) error {
	running, err := s.idle()
	if err != nil {
		return err
	}
	defer s.bus.Publish(event.Parts)
	return running.Restore(ctx)
}

// idle is the open sandbox where no check runs: one that did would take what
// happens to its data for the learner's doing.
func (s *Session) idle() (sandbox.Sandbox, error) {
	running, err := s.whenOpen()
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.run != nil {
		return nil, &labs.Problem{Kind: labs.Conflict, Say: "A check is running on this sandbox.", Next: "Wait for its end, or cancel it, and do this again."}
	}
	return running, nil
}
