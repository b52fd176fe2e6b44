package prove

import (
	"context"
	"fmt"
	"strings"
	"time"

	"cnalab/labs"
	"cnalab/server/testbed"
)

// mostLines is how much of a check's output a failure shows.
const mostLines = 20

// try makes one trial, tells of it, and notes a failure where it came out
// otherwise than wanted.
func (p *proof) try(ctx context.Context, r *testbed.Workspace, step int, name string, want labs.Verdict, tree labs.Tree, typed string) {
	if ctx.Err() != nil {
		return
	}
	start := time.Now()
	report := r.Check(ctx, step, tree, typed)
	if ctx.Err() != nil {
		return // interrupted, which says nothing of the lab
	}
	t := Trial{Lab: p.lab.Folder, Step: step, Name: name, Want: want, Report: report, Took: time.Since(start)}
	p.note(t)
	if why := judge(t); why != "" {
		p.fail("%s", why)
	}
}

func (p *proof) note(t Trial) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.result.Trials = append(p.result.Trials, t)
	p.progress(t)
}

func (p *proof) fail(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.result.Failures = append(p.result.Failures, fmt.Sprintf(format, args...))
}

// judge tells what is wrong with how a trial came out, and nothing where it
// came out as wanted.
func judge(t Trial) string {
	var lines []string
	if t.Report.Verdict != t.Want {
		lines = append(lines, fmt.Sprintf("got %s, want %s", t.Report.Verdict, t.Want))
	}
	for _, step := range t.Report.Steps {
		for _, c := range step.Checks {
			switch {
			case c.Verdict == labs.NotYet && strings.TrimSpace(c.Say) == "":
				lines = append(lines, c.Name+" says not yet, and not why")
			case len(lines) > 0 && t.Report.Verdict != t.Want && c.Verdict != t.Want:
				lines = append(lines, describe(c)...)
			}
		}
	}
	if len(lines) == 0 {
		return ""
	}
	lines[0] = fmt.Sprintf("%s step %d, %s: %s", t.Lab, t.Step, t.Name, lines[0])
	return strings.Join(lines, "\n  ")
}

// describe is what an author needs to know of a check that came out otherwise.
func describe(c labs.CheckReport) []string {
	lines := []string{strings.TrimSpace(fmt.Sprintf("%s: %s: %s", c.Name, c.Verdict, c.Say))}
	if c.Got != "" || c.Want != "" {
		lines = append(lines, fmt.Sprintf("  got %q, want %q", c.Got, c.Want))
	}
	output := strings.Split(c.Output, "\n")
	if c.Output == "" {
		output = nil
	}
	if extra := len(output) - mostLines; extra > 0 {
		output = append([]string{fmt.Sprintf("… %d lines before", extra)}, output[extra:]...)
	}
	for _, line := range output {
		lines = append(lines, "  │ "+line)
	}
	return lines
}
