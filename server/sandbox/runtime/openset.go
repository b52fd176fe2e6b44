package runtime

import (
	"slices"
	"sync"
)

// OpenSet holds a provider's open sandboxes, so that they end with it. The zero value
// is ready to use.
type OpenSet struct {
	mu     sync.Mutex
	open   []*Sandbox
	closed bool
}

func (s *OpenSet) add(b *Sandbox) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return ErrClosed()
	}
	s.open = append(s.open, b)
	return nil
}

func (s *OpenSet) remove(b *Sandbox) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open = slices.DeleteFunc(s.open, func(other *Sandbox) bool { return other == b })
}

// Close closes every sandbox that is open, and none opens afterwards.
func (s *OpenSet) Close() {
	s.mu.Lock()
	s.closed = true
	open := slices.Clone(s.open)
	s.mu.Unlock()
	var ends sync.WaitGroup
	for _, b := range open {
		ends.Go(func() { b.Close() })
	}
	ends.Wait()
}
