package event

import (
	"maps"
	"sync"

	"cnalab/server/sandbox"
)

// maxLines is how many lines may wait for a subscriber. A log with holes
// misleads more than one that begins again, so that more than these mark the
// changes as lost.
const maxLines = 512

// Bus tells every subscriber what happens, and waits for none of them. The
// zero value is ready to use.
type Bus struct {
	mu            sync.Mutex
	subscriptions map[*Subscription]bool
}

// Subscription collects what happens until it is taken.
type Subscription struct {
	Ready <-chan struct{} // holds one signal while there is something to take

	ready   chan struct{}
	wanted  Changes // its topics
	mu      sync.Mutex
	pending Changes
}

// Subscribe collects what happens of the topics from now on, until cancel.
func (b *Bus) Subscribe(topics ...Topic) (s *Subscription, cancel func()) {
	ready := make(chan struct{}, 1)
	s = &Subscription{Ready: ready, ready: ready, wanted: Of(topics...)}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.subscriptions == nil {
		b.subscriptions = map[*Subscription]bool{}
	}
	b.subscriptions[s] = true
	return s, func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		delete(b.subscriptions, s)
	}
}

// Take returns what has happened since it was last called.
func (s *Subscription) Take() Changes {
	s.mu.Lock()
	defer s.mu.Unlock()
	taken := s.pending
	s.pending = Changes{}
	return taken
}

// Publish tells that something of the topics has happened.
func (b *Bus) Publish(topics ...Topic) {
	for _, t := range topics {
		b.each(t, func(*Changes) {})
	}
}

// PublishLine tells a line that a part logged.
func (b *Bus) PublishLine(line sandbox.Line) {
	b.each(Log, func(c *Changes) {
		if len(c.Lines) == maxLines {
			c.Lost = true
			return
		}
		c.Lines = append(c.Lines, line)
	})
}

// PublishFiles tells which files hold other texts, and whether files came or
// went. That comes first, for who takes between the two: it knows the files
// then that it hears of.
func (b *Bus) PublishFiles(tags map[string]string, tree bool) {
	if tree {
		b.Publish(Tree)
	}
	b.each(Files, func(c *Changes) {
		if c.Files == nil {
			c.Files = map[string]string{}
		}
		maps.Copy(c.Files, tags)
	})
}

// each joins something of the topic with what waits for each subscriber.
func (b *Bus) each(t Topic, join func(*Changes)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for s := range b.subscriptions {
		if s.wanted.topics[t] {
			s.add(t, join)
		}
	}
}

func (s *Subscription) add(t Topic, join func(*Changes)) {
	s.mu.Lock()
	s.pending.topics[t] = true
	join(&s.pending)
	s.mu.Unlock()
	select {
	case s.ready <- struct{}{}:
	default: // it has been told
	}
}
