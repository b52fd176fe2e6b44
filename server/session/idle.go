package session

import (
	"time"

	"cnalab/labs"
)

// Touch says that somebody uses the session, such as by saving a file.
func (s *Session) Touch() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.touched = time.Now()
}

// closeIdle closes sandboxes that nobody used for a while, until life ends.
func (k *Sessions) closeIdle() {
	tick := time.NewTicker(max(k.config.Idle/10, time.Millisecond))
	defer tick.Stop()
	for {
		select {
		case <-k.life.Done():
			return
		case <-tick.C:
		}
		k.mu.Lock()
		all := k.all()
		k.mu.Unlock()
		for _, s := range all {
			k.closeIfIdle(s)
		}
	}
}

func (k *Sessions) closeIfIdle(s *Session) {
	s.mu.Lock()
	running, _ := s.current()
	idle := running != nil && s.run == nil && time.Since(s.touched) > k.config.Idle
	s.mu.Unlock()
	if !idle {
		return
	}
	if err := s.close(unused()); err != nil {
		k.config.Log.Warn("close idle sandbox", "lab", s.Lab().ID, "err", err)
	}
}

func unused() *labs.Problem {
	return &labs.Problem{
		Kind: labs.Sandbox,
		Say:  "The sandbox was closed because nobody used it for a while.",
		Next: "Your files are saved. Open it again to go on.",
	}
}
