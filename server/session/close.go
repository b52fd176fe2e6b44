package session

import (
	"context"
	"errors"
	"time"

	"cnalab/labs"
	"cnalab/server/sandbox"
	"cnalab/server/session/event"
)

// close ends the check run and the sandbox; why is shown where the learner did
// not want it. A sandbox that is opened meanwhile waits for the end.
func (s *Session) close(why *labs.Problem) error {
	s.mu.Lock()
	o, r := s.opening, s.run
	if o == nil {
		ending := s.ending
		s.mu.Unlock()
		if ending != nil {
			<-ending
		}
		return nil
	}
	ending := make(chan struct{})
	s.opening, s.ending = nil, ending
	s.status.Phase, s.status.Since = sandbox.Closing, time.Now()
	s.mu.Unlock()
	s.bus.Publish(event.Sandbox)
	if r != nil {
		r.cancel(s.sessions.whyEnded()) // first: a check that waits for the sandbox has to know why
	}
	o.cancel()
	if r != nil {
		<-r.done
	}
	<-o.done
	err := o.end()
	s.mu.Lock()
	if s.opening == nil {
		s.status = closedStatus(why)
	}
	s.mu.Unlock()
	close(ending)
	s.bus.Publish(event.Sandbox)
	return err
}

func (o *opening) end() error {
	if o.err != nil || o.sandbox == nil {
		return nil
	}
	defer o.unsubscribe()
	if err := o.sandbox.Close(); err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}
