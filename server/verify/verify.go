// Package verify checks labs for somebody who waits at a terminal: in the
// sandbox that a running server has open, else in one of its own. It knows
// nothing of flags, of formats and of exit codes.
package verify

import (
	"context"
	"fmt"
	"io"
	"log/slog"

	"cnalab/labs"
	"cnalab/labs/translate"
	"cnalab/server/datadir"
	"cnalab/server/grade"
	"cnalab/server/handin"
	"cnalab/server/session"
	"cnalab/web/words"
)

// Config says what to check with.
type Config struct {
	Data      datadir.Dir
	Workspace string        // what to check in place of the learner's own; empty is their own
	Steps     []handin.Step // what was done in that workspace, to be done again; none where its files are all
	Sessions  *session.Sessions
	Alone     bool                     // in no server's sandbox, whoever has one open
	Temp      string                   // a folder for what lasts as long as the check, where there are Steps
	Hides     []string                 // files and folders that nothing of a hand-in may see, beside the lab
	Notices   func(*labs.Lab) []string // what the learner's workspace has to say since it was asked
	Progress  io.Writer                // takes a line as each lab begins and ends
	// Follow writes what the session does until stop.
	Follow func(ctx context.Context, s *session.Session, w io.Writer) (stop func())
	Log    *slog.Logger
}

// All checks every lab that is written. Where broken is true there are others,
// which could not be read, and so could not be checked.
func All(ctx context.Context, c Config, all []*labs.Lab, broken bool) ([]labs.Report, labs.Verdict, error) {
	var reports []labs.Report
	var verdicts []labs.Verdict
	for _, lab := range all {
		if lab.Planned {
			continue
		}
		report, err := Lab(ctx, c, lab, nil)
		if err != nil {
			return nil, "", err
		}
		reports, verdicts = append(reports, report), append(verdicts, report.Verdict)
	}
	if broken {
		verdicts = append(verdicts, labs.CouldNotCheck)
	}
	return reports, labs.Worst(verdicts...), nil
}

// Lab checks steps of one lab, or all where none are named. It asks the server
// where that has the lab open, else it opens a sandbox. The error is that of
// ctx alone: what else goes wrong is in the report.
func Lab(ctx context.Context, c Config, lab *labs.Lab, steps []int) (labs.Report, error) {
	fmt.Fprintf(c.Progress, "%s %s\n", lab.Number, lab.In(words.Language(ctx)).Title)
	if server, ok := c.Data.Server(); ok && len(c.Steps) == 0 && !c.Alone {
		report, err := ask(ctx, server, request{Lab: lab.ID, Workspace: c.Workspace, Step: single(steps)})
		if err == nil {
			c.tell(ctx, fmt.Sprintf("checked by the server at %s, in the sandbox it has open", server.URL))
			return report, nil
		}
		if ctx.Err() != nil {
			return report, ctx.Err()
		}
		c.Log.Debug("the server did not check", "lab", lab.ID, "err", err)
	}
	return c.own(ctx, lab, steps)
}

// tell writes a line below the lab's, in the language of ctx.
func (c Config) tell(ctx context.Context, say string) {
	fmt.Fprintf(c.Progress, "  %s\n", translate.In(words.Language(ctx), say))
}

// own checks in a sandbox of our own.
func (c Config) own(ctx context.Context, lab *labs.Lab, steps []int) (labs.Report, error) {
	s := c.session(lab)
	stop := c.Follow(ctx, s, c.Progress)
	report, err := c.check(ctx, s, lab, steps)
	stop()
	if ctx.Err() != nil {
		return report, ctx.Err()
	}
	if err != nil {
		report = grade.Broken(lab, steps, labs.AsProblem(err))
	}
	for _, notice := range c.Notices(lab) {
		fmt.Fprintln(c.Progress, lab.Translate(notice, words.Language(ctx)))
	}
	if err := s.Close(); err != nil {
		c.Log.Warn("close sandbox", "lab", lab.ID, "err", err)
	}
	return report, nil
}

func (c Config) check(ctx context.Context, s *session.Session, lab *labs.Lab, steps []int) (labs.Report, error) {
	if len(c.Steps) > 0 {
		return c.again(ctx, s, lab, steps)
	}
	return s.Check(ctx, steps...)
}

func (c Config) session(lab *labs.Lab) *session.Session {
	if c.Workspace != "" {
		return c.Sessions.SessionAt(session.Key{Lab: lab}, c.Workspace)
	}
	return c.Sessions.Session(session.Key{Lab: lab})
}
