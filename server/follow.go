package main

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"time"

	"cnalab/labs"
	"cnalab/server/session"
	"cnalab/server/session/event"
)

// follow writes what the session does, a line as each stage and each check
// ends, until stop. After ctx has ended it is silent: what ends then was
// broken off.
func follow(ctx context.Context, s *session.Session, w io.Writer) (stop func()) {
	ended, left := make(chan struct{}), make(chan struct{})
	events, cancel := s.Subscribe(event.Stages, event.Run)
	told := map[string]bool{}
	tell := func() {
		if ctx.Err() == nil {
			tellNews(s, w, told)
		}
	}
	go func() {
		defer close(left)
		for {
			select {
			case <-events.Ready:
				tell()
			case <-ended:
				tell()
				return
			}
		}
	}()
	return func() {
		cancel()
		close(ended)
		<-left
	}
}

// tellNews writes what has ended since the last time.
func tellNews(s *session.Session, w io.Writer, told map[string]bool) {
	for _, stage := range s.Status().Stages {
		if !stage.Done || told["stage "+stage.Name] {
			continue
		}
		told["stage "+stage.Name] = true
		if stage.Err != "" {
			fmt.Fprintf(w, "  %s: %s\n", stage.Name, stage.Err)
			continue
		}
		fmt.Fprintf(w, "  %s %s\n", stage.Name, duration(stage.Took))
	}
	run := s.Run()
	for _, step := range run.Report.Steps {
		for _, check := range step.Checks {
			tellCheck(w, step.Step, check, told)
		}
	}
}

func tellCheck(w io.Writer, step int, check labs.CheckReport, told map[string]bool) {
	if told[check.Name] || check.Verdict == "" { // it is at work
		return
	}
	told[check.Name] = true
	fmt.Fprintf(w, "  step %d: %s: %s\n", step, check.Title, check.Verdict)
}

// duration says a time as a person does.
func duration(d time.Duration) string {
	switch {
	case d < time.Second:
		return strconv.FormatInt(d.Milliseconds(), 10) + " ms"
	case d < time.Minute:
		return strconv.FormatFloat(d.Seconds(), 'f', 1, 64) + " s"
	}
	return fmt.Sprintf("%d min %d s", int(d.Minutes()), int(d.Seconds())%60)
}

// count says how many there are of something.
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}
