package session

import (
	"context"

	"cnalab/labs"
	"cnalab/server/session/event"
)

// Progress remembers what the learner has done; package progress has the real
// one.
type Progress interface {
	Record(ctx context.Context, report labs.Report) error
	Lab(ctx context.Context, lab string) (map[int]labs.Standing, error)
	// ShowHint counts one more hint as shown, up to most, and returns how many are.
	ShowHint(ctx context.Context, lab string, step, most int) (shown int, err error)
	ShowSolution(ctx context.Context, lab string, step int) error
}

// Standing is what is remembered of the steps, by number; nobody may change
// it. It is read where nothing is known yet.
func (s *Session) Standing(ctx context.Context) (map[int]labs.Standing, error) {
	s.mu.Lock()
	known := s.standing
	s.mu.Unlock()
	if known != nil {
		return known, nil
	}
	return s.ReadStanding(ctx)
}

// ReadStanding is Standing, read anew: another program may have recorded
// something, such as `verify`.
func (s *Session) ReadStanding(ctx context.Context) (map[int]labs.Standing, error) {
	if s.sessions.config.Progress == nil {
		return map[int]labs.Standing{}, nil
	}
	s.reading.Lock() // so that an older reading never takes the place of a newer
	defer s.reading.Unlock()
	found, err := s.sessions.config.Progress.Lab(ctx, s.Lab().ID)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.standing = found; err != nil {
		s.standing = nil
	}
	return found, err
}

// ShowHint counts one more hint of the step as shown, up to most.
func (s *Session) ShowHint(ctx context.Context, step, most int) error {
	if _, err := s.sessions.config.Progress.ShowHint(ctx, s.Lab().ID, step, most); err != nil {
		return err
	}
	return s.recorded(ctx)
}

// ShowSolution remembers that the learner asked for the step's solution.
func (s *Session) ShowSolution(ctx context.Context, step int) error {
	if err := s.sessions.config.Progress.ShowSolution(ctx, s.Lab().ID, step); err != nil {
		return err
	}
	return s.recorded(ctx)
}

// recorded reads what is remembered now, once for all who show it.
func (s *Session) recorded(ctx context.Context) error {
	_, err := s.ReadStanding(ctx)
	s.bus.Publish(event.Progress)
	return err
}

// record remembers what a run has found, also where who asked for it has left.
func (s *Session) record(ctx context.Context, report labs.Report) {
	if s.workspace != "" || s.sessions.config.Progress == nil {
		return
	}
	ctx = context.WithoutCancel(ctx)
	err := s.sessions.config.Progress.Record(ctx, report)
	if err == nil {
		_, err = s.ReadStanding(ctx)
	}
	if err != nil {
		s.sessions.config.Log.Error("record progress", "lab", s.Lab().ID, "err", err)
	}
}

// reminder is a sentence for the next page.
type reminder struct {
	say  string
	undo bool
}

// Remind keeps a sentence for the next page that is loaded, with whether it is
// to offer an undo: a form of a page without scripts has nowhere else to say it.
func (s *Session) Remind(say string, undo bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reminder = reminder{say, undo}
}

// Reminder takes what Remind has kept.
func (s *Session) Reminder() (say string, undo bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	kept := s.reminder
	s.reminder = reminder{}
	return kept.say, kept.undo
}
