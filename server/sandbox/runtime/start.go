package runtime

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"cnalab/labs"
	"cnalab/server/sandbox"
	"cnalab/server/sandbox/logbuffer"
	"cnalab/server/sandbox/part"
)

// DialReady is the plain meaning of "it answers": it accepts connections.
func DialReady(ctx context.Context, address string) error {
	conn, err := (&net.Dialer{Timeout: time.Second}).DialContext(ctx, "tcp", address)
	if err != nil {
		return err
	}
	return conn.Close()
}

// Start starts a part for the first time.
func (p *Component) Start(ctx context.Context) error {
	release, err := p.lock(ctx)
	if err != nil {
		return err
	}
	defer release()
	return p.start(ctx)
}

// start runs the process and waits until it answers. The lock is held.
func (p *Component) start(ctx context.Context) error {
	program, err := p.program()
	if err != nil {
		problem := labs.AsProblem(err)
		p.set(sandbox.Broken, problem.Say, problem.Detail)
		return err
	}
	p.set(sandbox.Starting, "", "")
	began := time.Now() // what it prints comes after
	started, err := p.workload.Start(ctx, program, p.logs)
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
	go p.watchReadiness(r)
	go p.supervise(r)
	return p.waitReady(ctx, r)
}

// watchReadiness enables the proxy as soon as the process answers.
func (p *Component) watchReadiness(r *run) {
	if p.poll(r) != nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.running != r || r.expected {
		return // it is on its way out already
	}
	if err := p.workload.Proxy.Enable(); err != nil {
		p.message = "Its address is taken by another program."
		p.notify()
		return
	}
	close(r.ready)
	select {
	case <-p.started: // it came up before
	default:
		close(p.started)
	}
	if p.fault == "" {
		p.state, p.message, p.detail = p.runningState(), "", ""
		p.notify()
	}
}

// poll asks until the process answers, ends, or the part does.
func (p *Component) poll(r *run) error {
	for pause := 2 * time.Millisecond; ; pause = min(pause*3/2, 100*time.Millisecond) {
		if p.ready(p.ctx) == nil {
			return nil
		}
		select {
		case <-r.process.Done():
			return errors.New("it ended")
		case <-p.ctx.Done():
			return p.ctx.Err()
		case <-time.After(pause):
		}
	}
}

// waitReady waits until the process answers, and says why it does not.
func (p *Component) waitReady(ctx context.Context, r *run) error {
	limit := time.NewTimer(p.definition.StartTimeout)
	defer limit.Stop()
	select {
	case <-r.ready:
		return nil
	case <-r.process.Done():
		return p.exitProblem(r)
	case <-ctx.Done():
		return ctx.Err()
	case <-p.ctx.Done():
		return ErrClosed()
	case <-limit.C:
		say := fmt.Sprintf("%s runs, but nothing listens on its address.", p.name)
		p.set(sandbox.Starting, say, "")
		return &labs.Problem{Kind: p.problemKind(), Say: say, Next: "Listen on the address in the variable ADDR.", Detail: p.lastLines(r)}
	}
}

// exitProblem is the problem of a process that has ended by itself.
func (p *Component) exitProblem(r *run) *labs.Problem {
	if why, told := errors.AsType[*labs.Problem](r.process.Err()); told {
		return why // what it ran in is gone
	}
	words := p.lastLines(r)
	next := "Look at its last lines below."
	switch {
	case exceeded(r):
		next = "Look for a loop that has no end."
	case words == "" && p.definition.Program != nil:
		next = "It printed nothing. A service runs until it is asked to end; log why yours does not."
	}
	return &labs.Problem{Kind: p.problemKind(), Say: p.exitMessage(r), Next: next, Detail: words, Err: r.process.Err()}
}

func (p *Component) exitMessage(r *run) string {
	err := r.process.Err()
	why, told := errors.AsType[*labs.Problem](err)
	switch {
	case told:
		return why.Say
	case exceeded(r):
		return fmt.Sprintf("The sandbox ended %s: it %v.", p.name, err)
	case err != nil:
		return fmt.Sprintf("%s ended by itself: %v.", p.name, err)
	}
	return p.name + " ended by itself."
}

// exceeded reports whether the process was ended because it took what others need.
func exceeded(r *run) bool {
	_, is := errors.AsType[part.LimitExceeded](r.process.Err())
	return is
}

// problemKind tells whose fault it is when the part does not run.
func (p *Component) problemKind() labs.Kind {
	if p.definition.Program.Learner() {
		return labs.LearnerCode
	}
	return labs.Sandbox
}

// lastLines is what a person needs of the log to see why a run ended: neither
// what earlier runs said nor what the sandbox adds is part of it.
func (p *Component) lastLines(r *run) string {
	var lines []string
	for _, l := range p.logs.Last(30) {
		if !l.Time.Before(r.began) && !logbuffer.FromSandbox(l) {
			lines = append(lines, l.Text)
		}
	}
	return strings.Join(lines, "\n")
}
