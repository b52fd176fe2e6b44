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
	if err := s.close(unused(s.Lab())); err != nil {
		k.config.Log.Warn("close idle sandbox", "lab", s.Lab().ID, "err", err)
	}
}

// unused is why an idle sandbox was closed: with what stays, what is gone, and how
// that comes back.
func unused(lab *labs.Lab) *labs.Problem {
	next := "Your files are saved. Open it again to go on."
	switch {
	case lab.Has(labs.KindKubernetes):
		next = "Your files are saved, and so is what has passed. What you made in the cluster is gone: open the sandbox again, and type its commands once more. They are in the steps, and in a terminal: press the up arrow there."
	case lab.Has(labs.KindDocker):
		next = "Your files are saved, and so is what has passed. The images, containers and volumes that you made are gone: open the sandbox again, and type their commands once more. They are in the steps, and in a terminal: press the up arrow there."
	case len(lab.Needs()) > 0:
		next = "Your files are saved; what its parts had stored is gone. Open it again to go on."
	}
	return &labs.Problem{Kind: labs.Sandbox, Say: "The sandbox was closed because nobody used it for a while.", Next: next}
}
