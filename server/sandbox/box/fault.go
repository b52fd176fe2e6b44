package box

import (
	"context"
	"fmt"
	"time"

	"cnalab/labs"
	"cnalab/server/sandbox"
)

// someDelay is for a slowness that does not say how much.
const someDelay = time.Second

// inflict breaks the part on purpose. One of pause, stop and kill is in force
// at a time, the last one; slowness may come on top.
func (p *Part) inflict(ctx context.Context, fault sandbox.Fault) error {
	release, err := p.take(ctx)
	if err != nil {
		return err
	}
	defer release()
	if p.slot.Fixed != "" && (fault.Kind == labs.Slow || fault.Kind == labs.Cut) {
		return &labs.Problem{Kind: labs.BadInput, Say: p.slot.Fixed, Next: "Choose pause, stop, kill or restart."}
	}
	p.journal.Say("WARN", fmt.Sprintf("fault on purpose: %s %s", fault.Kind, p.name))
	switch fault.Kind {
	case labs.Pause:
		return p.pause()
	case labs.Slow:
		if fault.Delay <= 0 {
			fault.Delay = someDelay
		}
		p.delay(fault)
		return nil
	case labs.Cut:
		return p.cut()
	case labs.Stop:
		p.stop(stopGrace)
		p.broken(labs.Stop)
		return nil
	case labs.Kill:
		p.finish(func(r *run) { r.process.Kill() })
		p.slot.Gate.Shut()
		p.broken(labs.Kill)
		return nil
	case labs.Restart:
		return p.restart(ctx, stopGrace)
	}
	return &labs.Problem{Kind: labs.BadInput, Say: fmt.Sprintf("There is no fault %q.", fault.Kind),
		Next: fmt.Sprintf("Choose one of %v.", labs.FaultKinds)}
}

func (p *Part) pause() error {
	r := p.alive()
	if r == nil {
		return &labs.Problem{Kind: labs.Conflict, Say: p.name + " does not run, so it cannot be paused.", Next: "Heal it first."}
	}
	if err := r.process.Pause(); err != nil {
		return err
	}
	p.broken(labs.Pause)
	return nil
}

// cut closes the way to a part that runs on.
func (p *Part) cut() error {
	if !p.Answering() {
		return &labs.Problem{Kind: labs.Conflict, Say: p.name + " does not run, so it cannot be cut off.", Next: "Heal it first."}
	}
	p.slot.Gate.Shut()
	p.broken(labs.Cut)
	return nil
}

func (p *Part) delay(fault sandbox.Fault) {
	p.slot.Gate.Slow(fault.Delay)
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.slow && fault.Delay == 0 {
		return
	}
	p.slow = fault.Delay > 0
	if p.state == sandbox.Running || p.state == sandbox.Slowed {
		p.state, p.say = p.awake(), ""
		if p.slow {
			p.say = fmt.Sprintf("Every answer comes %v later.", fault.Delay)
		}
		p.tell()
	}
}

// broken puts the fault in force and shows it.
func (p *Part) broken(kind labs.FaultKind) {
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

// faulty returns the fault in force that keeps the part from answering.
func (p *Part) faulty() labs.FaultKind {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.fault
}

// heal undoes every fault and waits until the part answers.
func (p *Part) heal(ctx context.Context) error {
	release, err := p.take(ctx)
	if err != nil {
		return err
	}
	defer release()
	p.delay(sandbox.Fault{})
	return p.mend(ctx)
}

// mend makes the part answer again. The turn is held.
func (p *Part) mend(ctx context.Context) error {
	r := p.alive()
	fault := p.faulty()
	p.mu.Lock()
	p.fault = ""
	p.mu.Unlock()
	switch {
	case r == nil:
		p.finish(func(*run) {}) // what is left of one that crashed
		return p.start(ctx)
	case fault == "":
		return p.await(ctx, r)
	}
	r.process.Resume() // a fault may have come on top of another
	return p.wake(ctx, r)
}

// wake waits until a part that was paused answers.
func (p *Part) wake(ctx context.Context, r *run) error {
	if err := p.await(ctx, r); err != nil { // it may have been paused before it was ready
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, p.limit())
	defer cancel()
	for p.slot.Answers(ctx) != nil {
		select {
		case <-r.process.Done():
			return p.ended(r)
		case <-ctx.Done():
			return ctx.Err()
		default:
		}
	}
	if err := p.slot.Gate.Open(); err != nil {
		return err
	}
	p.mu.Lock()
	state := p.awake()
	p.mu.Unlock()
	p.set(state, "", "")
	return nil
}
