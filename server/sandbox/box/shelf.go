package box

import (
	"slices"
	"sync"
)

// Shelf holds a provider's open boxes, so that they end with it. The zero value
// is ready to use.
type Shelf struct {
	mu    sync.Mutex
	boxes []*Box
	shut  bool
}

func (s *Shelf) add(b *Box) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.shut {
		return Gone()
	}
	s.boxes = append(s.boxes, b)
	return nil
}

func (s *Shelf) remove(b *Box) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.boxes = slices.DeleteFunc(s.boxes, func(other *Box) bool { return other == b })
}

// Close closes every box that is open, and none opens afterwards.
func (s *Shelf) Close() {
	s.mu.Lock()
	s.shut = true
	boxes := slices.Clone(s.boxes)
	s.mu.Unlock()
	var ends sync.WaitGroup
	for _, b := range boxes {
		ends.Go(func() { b.Close() })
	}
	ends.Wait()
}
