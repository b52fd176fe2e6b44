package console

import (
	"context"
	"fmt"
	"io"

	"cnalab/server/report"
	"cnalab/server/session"
	"cnalab/server/session/event"
	"cnalab/web/words"
)

// Follow writes what the session does, a line as each stage and each check
// ends, in the language of ctx, until stop. After ctx has ended it is silent: what ends then was
// broken off.
func Follow(ctx context.Context, s *session.Session, w io.Writer) (stop func()) {
	ended, left := make(chan struct{}), make(chan struct{})
	events, cancel := s.Subscribe(event.Stages, event.Run)
	f := &follower{session: s, language: words.Language(ctx), to: w, written: map[string]bool{}}
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
	session  *session.Session
	language string
	to       io.Writer
	written  map[string]bool // the names of stages and checks
}

// writeNews writes what has ended since the last time.
func (f *follower) writeNews() {
	lab := f.session.Lab()
	for _, stage := range f.session.Status().Stages {
		if !stage.Done || !f.first("stage "+stage.Name) {
			continue
		}
		name := lab.Translate(stage.Name, f.language)
		if stage.Err != "" {
			fmt.Fprintf(f.to, "  %s: %s\n", name, lab.Translate(stage.Err, f.language))
			continue
		}
		fmt.Fprintf(f.to, "  %s %s\n", name, Duration(stage.Took))
	}
	line := "  step %d: %s: %s\n"
	if f.language == "ko" {
		line = "  %d단계: %s: %s\n"
	}
	for _, step := range lab.TranslateReport(f.session.Run().Report, f.language).Steps {
		for _, check := range step.Checks {
			if check.Verdict != "" && f.first(check.Name) { // without one it is at work
				fmt.Fprintf(f.to, line, step.Step, check.Title, report.Verdict(check.Verdict, f.language))
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
