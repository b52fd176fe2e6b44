package box

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"cnalab/labs"
	"cnalab/server/sandbox"
	"cnalab/server/sandbox/journal"
)

// Accepts is the plain meaning of "it answers": it accepts connections.
func Accepts(ctx context.Context, address string) error {
	conn, err := (&net.Dialer{Timeout: time.Second}).DialContext(ctx, "tcp", address)
	if err != nil {
		return err
	}
	return conn.Close()
}

// Bring starts a part for the first time.
func (p *Part) Bring(ctx context.Context) error {
	release, err := p.take(ctx)
	if err != nil {
		return err
	}
	defer release()
	return p.start(ctx)
}

// start runs the process and waits until it answers. The turn is held.
func (p *Part) start(ctx context.Context) error {
	program, err := p.program()
	if err != nil {
		problem := labs.AsProblem(err)
		p.set(sandbox.Broken, problem.Say, problem.Detail)
		return err
	}
	p.set(sandbox.Starting, "", "")
	began := time.Now() // what it prints comes after
	started, err := p.slot.Start(program, p.journal)
	if err != nil {
		if why, told := errors.AsType[*labs.Problem](err); told {
			p.set(sandbox.Crashed, why.Say, why.Detail)
			return why
		}
		p.set(sandbox.Crashed, p.name+" does not start.", "")
		return &labs.Problem{Kind: labs.Machine, Say: p.name + " does not start.", Next: "The server's log has the cause.", Err: err}
	}
	r := &run{process: started, began: began, ready: make(chan struct{})}
	p.mu.Lock()
	p.running, p.fault = r, ""
	p.mu.Unlock()
	go p.admit(r)
	go p.attend(r)
	return p.await(ctx, r)
}

// admit opens the gate as soon as the process answers.
func (p *Part) admit(r *run) {
	if p.poll(r) != nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.running != r || r.wanted {
		return // it is on its way out already
	}
	if err := p.slot.Gate.Open(); err != nil {
		p.say = "Its address is taken by another program."
		p.tell()
		return
	}
	close(r.ready)
	select {
	case <-p.up: // it came up before
	default:
		close(p.up)
	}
	if p.fault == "" {
		p.state, p.say, p.detail = p.awake(), "", ""
		p.tell()
	}
}

// poll asks until the process answers, ends, or the part does.
func (p *Part) poll(r *run) error {
	for pause := 2 * time.Millisecond; ; pause = min(pause*3/2, 100*time.Millisecond) {
		if p.slot.Answers(p.life) == nil {
			return nil
		}
		select {
		case <-r.process.Done():
			return errors.New("it ended")
		case <-p.life.Done():
			return p.life.Err()
		case <-time.After(pause):
		}
	}
}

// await waits until the process answers, and says why it does not.
func (p *Part) await(ctx context.Context, r *run) error {
	limit := time.NewTimer(p.limit())
	defer limit.Stop()
	select {
	case <-r.ready:
		return nil
	case <-r.process.Done():
		return p.ended(r)
	case <-ctx.Done():
		return ctx.Err()
	case <-p.life.Done():
		return Gone()
	case <-limit.C:
		say := fmt.Sprintf("%s runs, but nothing listens on its address.", p.name)
		p.set(sandbox.Starting, say, "")
		return &labs.Problem{Kind: p.blame(), Say: say, Next: "Listen on the address in the variable ADDR.", Detail: p.lastWords(r)}
	}
}

// ended is the problem of a process that has ended by itself.
func (p *Part) ended(r *run) *labs.Problem {
	if why, told := errors.AsType[*labs.Problem](r.process.Err()); told {
		return why // what it ran in is gone
	}
	words := p.lastWords(r)
	next := "Look at its last lines below."
	switch {
	case tooMuch(r):
		next = "Look for a loop that has no end."
	case words == "" && p.kind == service:
		next = "It printed nothing. A service runs until it is asked to end; log why yours does not."
	}
	return &labs.Problem{Kind: p.blame(), Say: p.obituary(r), Next: next, Detail: words, Err: r.process.Err()}
}

func (p *Part) obituary(r *run) string {
	err := r.process.Err()
	why, told := errors.AsType[*labs.Problem](err)
	switch {
	case told:
		return why.Say
	case tooMuch(r):
		return fmt.Sprintf("The sandbox ended %s: it %v.", p.name, err)
	case err != nil:
		return fmt.Sprintf("%s ended by itself: %v.", p.name, err)
	}
	return p.name + " ended by itself."
}

// tooMuch reports whether the process was ended because it took what others need.
func tooMuch(r *run) bool {
	_, is := errors.AsType[Excess](r.process.Err())
	return is
}

// blame tells whose fault it is when the part does not run.
func (p *Part) blame() labs.Kind {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.kind == service && !p.given {
		return labs.LearnerCode
	}
	return labs.Sandbox
}

// lastWords is what a person needs of the log to see why a run ended: neither
// what earlier runs said nor what the sandbox adds is part of it.
func (p *Part) lastWords(r *run) string {
	var lines []string
	for _, l := range p.journal.Last(30) {
		if !l.Time.Before(r.began) && !journal.Ours(l) {
			lines = append(lines, l.Text)
		}
	}
	return strings.Join(lines, "\n")
}
