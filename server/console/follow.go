package console

import (
	"context"
	"fmt"
	"io"

	"cnalab/server/session"
	"cnalab/server/session/event"
)

// Follow writes what the session does, a line as each stage and each check
// ends, until stop. After ctx has ended it is silent: what ends then was
// broken off.
func Follow(ctx context.Context, s *session.Session, w io.Writer) (stop func()) {
	ended, left := make(chan struct{}), make(chan struct{})
	events, cancel := s.Subscribe(event.Stages, event.Run)
	f := &follower{session: s, to: w, written: map[string]bool{}}
	go func() {
		defer close(left)
		for open := true; open; {
			select {
			case <-events.Ready:
			case <-ended:
				open = false
			}
			if ctx.Err() == nil {
				f.writeNews()
			}
		}
	}()
	return func() {
		cancel()
		close(ended)
		<-left
	}
}

type follower struct {
	session *session.Session
	to      io.Writer
	written map[string]bool // the names of stages and checks
}

// writeNews writes what has ended since the last time.
func (f *follower) writeNews() {
	for _, stage := range f.session.Status().Stages {
		if !stage.Done || !f.first("stage "+stage.Name) {
			continue
		}
		if stage.Err != "" {
			fmt.Fprintf(f.to, "  %s: %s\n", stage.Name, stage.Err)
			continue
		}
		fmt.Fprintf(f.to, "  %s %s\n", stage.Name, Duration(stage.Took))
	}
	for _, step := range f.session.Run().Report.Steps {
		for _, check := range step.Checks {
			if check.Verdict != "" && f.first(check.Name) { // without one it is at work
				fmt.Fprintf(f.to, "  step %d: %s: %s\n", step.Step, check.Title, check.Verdict)
			}
		}
	}
}

// first reports whether the name has not been written before.
func (f *follower) first(name string) bool {
	before := f.written[name]
	f.written[name] = true
	return !before
}
