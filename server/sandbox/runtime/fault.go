package runtime

import (
	"context"
	"fmt"
	"time"

	"cnalab/labs"
	"cnalab/server/sandbox"
)

// someDelay is for a slowness that does not say how much.
const someDelay = time.Second

// applyFault breaks the part on purpose. One of pause, stop and kill is in force
// at a time, the last one; slowness may come on top.
func (p *Component) applyFault(ctx context.Context, fault sandbox.Fault) error {
	release, err := p.lock(ctx)
	if err != nil {
		return err
	}
	defer release()
	if p.workload.NoNetworkFaults != "" && (fault.Kind == labs.Slow || fault.Kind == labs.Cut) {
		return &labs.Problem{Kind: labs.BadInput, Say: p.workload.NoNetworkFaults, Next: "Choose pause, stop, kill or restart."}
	}
	p.logs.Log("WARN", fmt.Sprintf("fault on purpose: %s %s", fault.Kind, p.name))
	switch fault.Kind {
	case labs.Pause:
		return p.pause()
	case labs.Slow:
		if fault.Delay <= 0 {
			fault.Delay = someDelay
		}
		p.setLatency(fault)
		return nil
	case labs.Cut:
		return p.cut()
	case labs.Stop:
		p.stop(stopGrace)
		p.setFault(labs.Stop)
		return nil
	case labs.Kill:
		p.terminate(func(r *run) { r.process.Kill() })
		p.workload.Proxy.Disable()
		p.setFault(labs.Kill)
		return nil
	case labs.Restart:
		return p.restart(ctx, stopGrace)
	}
	return &labs.Problem{Kind: labs.BadInput, Say: fmt.Sprintf("There is no fault %q.", fault.Kind),
		Next: fmt.Sprintf("Choose one of %v.", labs.FaultKinds)}
}

func (p *Component) pause() error {
	r := p.current()
	if r == nil {
		return &labs.Problem{Kind: labs.Conflict, Say: p.name + " does not run, so it cannot be paused.", Next: "Heal it first."}
	}
	if err := r.process.Pause(); err != nil {
		return err
	}
	p.setFault(labs.Pause)
	return nil
}

// cut closes the way to a part that runs on.
func (p *Component) cut() error {
	if !p.IsReady() {
		return &labs.Problem{Kind: labs.Conflict, Say: p.name + " does not run, so it cannot be cut off.", Next: "Heal it first."}
	}
	p.workload.Proxy.Disable()
	p.setFault(labs.Cut)
	return nil
}

func (p *Component) setLatency(fault sandbox.Fault) {
	p.workload.Proxy.SetLatency(fault.Delay)
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.slowed && fault.Delay == 0 {
		return
	}
	p.slowed = fault.Delay > 0
	if p.state == sandbox.Running || p.state == sandbox.Slowed {
		p.state, p.message = p.runningState(), ""
		if p.slowed {
			p.message = fmt.Sprintf("Every answer comes %v later.", fault.Delay)
		}
		p.notify()
	}
}

// setFault puts the fault in force and shows it.
func (p *Component) setFault(kind labs.FaultKind) {
	p.mu.Lock()
	p.fault = kind
	p.mu.Unlock()
	switch kind {
	case labs.Pause:
		p.set(sandbox.Paused, "Paused on purpose.", "")
	case labs.Cut:
		p.set(sandbox.Severed, "Cut off on purpose.", "")
	case labs.Stop:
		p.set(sandbox.Stopped, "Stopped on purpose.", "")
	case labs.Kill:
		p.set(sandbox.Stopped, "Killed on purpose.", "")
	}
}

// activeFault returns the fault in force that keeps the part from answering.
func (p *Component) activeFault() labs.FaultKind {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.fault
}

// heal undoes every fault and waits until the part answers.
func (p *Component) heal(ctx context.Context) error {
	release, err := p.lock(ctx)
	if err != nil {
		return err
	}
	defer release()
	p.setLatency(sandbox.Fault{})
	return p.recover(ctx)
}

// recover makes the part answer again. The lock is held.
func (p *Component) recover(ctx context.Context) error {
	r := p.current()
	fault := p.activeFault()
	p.mu.Lock()
	p.fault = ""
	p.mu.Unlock()
	switch {
	case r == nil:
		p.terminate(func(*run) {}) // what is left of one that crashed
		return p.start(ctx)
	case fault == "":
		return p.waitReady(ctx, r)
	}
	r.process.Resume() // a fault may have come on top of another
	return p.waitResumed(ctx, r)
}

// waitResumed waits until a part that was paused answers.
func (p *Component) waitResumed(ctx context.Context, r *run) error {
	if err := p.waitReady(ctx, r); err != nil { // it may have been paused before it was ready
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, p.definition.StartTimeout)
	defer cancel()
	for p.ready(ctx) != nil {
		select {
		case <-r.process.Done():
			return p.exitProblem(r)
		case <-ctx.Done():
			return ctx.Err()
		default:
		}
	}
	if err := p.workload.Proxy.Enable(); err != nil {
		return err
	}
	p.mu.Lock()
	state := p.runningState()
	p.mu.Unlock()
	p.set(state, "", "")
	return nil
}
