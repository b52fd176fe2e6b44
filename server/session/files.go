package session

import (
	"context"
	"sync"
	"time"

	"cnalab/labs"
	"cnalab/server/session/event"
)

// retryInterval is how long after a failure that the learner's code is not to
// blame for the workspace is tried again.
const retryInterval = 10 * time.Second

// Subscribe collects what happens of the topics from now on, until cancel.
func (s *Session) Subscribe(topics ...event.Topic) (events *event.Subscription, cancel func()) {
	leave := func() {}
	if event.Of(topics...).Has(event.Files, event.Tree) {
		leave = s.watchFiles()
	}
	events, end := s.bus.Subscribe(topics...)
	return events, func() { end(); leave() }
}

// watchFiles follows changes to the learner's files for one more who needs
// them, until leave. Whose workspace is not the learner's own checks it as it
// is, and edits nothing.
func (s *Session) watchFiles() (leave func()) {
	if s.workspace != "" {
		return func() {}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.watched++; s.watched == 1 {
		ctx, cancel := context.WithCancel(s.sessions.life)
		s.unwatch = cancel
		s.sessions.start(func(context.Context) { s.files().Watch(ctx, s.changed) })
	}
	return sync.OnceFunc(func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.watched--; s.watched == 0 {
			s.unwatch()
		}
	})
}

func (s *Session) files() Workspace {
	return s.sessions.config.Workspaces(Key{Learner: s.learner, Lab: s.Lab()})
}

// changed takes a change to the files to the sandbox and to the pages. The
// workspace tells it at once of what was saved through it, and soon after of
// what others did.
func (s *Session) changed(tags map[string]string, tree bool) {
	s.mu.Lock()
	o := s.opening
	s.mu.Unlock()
	if o != nil {
		select {
		case o.edited <- struct{}{}:
		default: // it will look anyway
		}
	}
	s.bus.PublishFiles(tags, tree)
}

// reload has the sandbox run what the workspace holds now whenever that has
// changed, until ctx ends.
func (s *Session) reload(ctx context.Context, o *opening) {
	var retry <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			return
		case <-o.edited:
		case <-retry:
		}
		retry = nil
		err := o.sandbox.Reload(ctx)
		if err == nil || ctx.Err() != nil || labs.AsProblem(err).Kind == labs.LearnerCode {
			continue // the part says what is wrong with the code
		}
		s.sessions.config.Log.Warn("reload workspace", "lab", s.Lab().ID, "err", err)
		retry = time.After(retryInterval)
	}
}
