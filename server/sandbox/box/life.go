package box

import (
	"context"
	"time"

	"cnalab/server/sandbox"
)

// A part that ends by itself is started again: soon the first time, later
// when it keeps ending. One that ran for long starts afresh.
const (
	firstPause = 500 * time.Millisecond
	lastPause  = 8 * time.Second
	longRun    = 10 * time.Second
)

// attend waits for the process's end, and starts it again where nobody
// wanted it.
func (p *Part) attend(r *run) {
	<-r.process.Done()
	p.mu.Lock()
	unwanted := p.running == r && !r.wanted
	if unwanted {
		p.fault = ""
		if time.Since(r.began) > longRun {
			p.tries = 0
		}
		p.tries++
	}
	pause := min(firstPause<<min(max(p.tries-1, 0), 10), lastPause)
	p.mu.Unlock()
	if !unwanted {
		return
	}
	p.slot.Gate.Shut()
	p.journal.Flush()
	say, words := p.obituary(r), p.lastWords(r)
	p.journal.Say("ERROR", say)
	p.set(sandbox.Crashed, say, words)
	select {
	case <-time.After(pause):
		p.again(r)
	case <-p.life.Done():
	}
}

// again starts the part, unless somebody else has changed it meanwhile.
func (p *Part) again(r *run) {
	release, err := p.take(p.life)
	if err != nil {
		return
	}
	defer release()
	p.mu.Lock()
	mine := p.running == r && p.state == sandbox.Crashed
	p.mu.Unlock()
	if mine {
		p.start(p.life) // a failure is in the part's state
	}
}

// finish ends the process as end does it, and takes it off the part. The
// turn is held.
func (p *Part) finish(end func(r *run)) {
	p.mu.Lock()
	r := p.running
	if r != nil {
		r.wanted = true
	}
	p.mu.Unlock()
	if r == nil {
		return
	}
	end(r)
	p.mu.Lock()
	p.running = nil
	p.mu.Unlock()
}

// stop ends the process in good order. What it is answering it may finish;
// nobody new gets in.
func (p *Part) stop(grace time.Duration) {
	p.slot.Gate.Refuse()
	p.finish(func(r *run) { r.process.Stop(grace) })
	p.slot.Gate.Shut()
}

// alive returns the process, where it runs.
func (p *Part) alive() *run {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.running == nil {
		return nil
	}
	select {
	case <-p.running.process.Done():
		return nil
	default:
		return p.running
	}
}

// Answering reports whether the part runs and has answered.
func (p *Part) Answering() bool {
	r := p.alive()
	if r == nil {
		return false
	}
	select {
	case <-r.ready:
		return true
	default:
		return false
	}
}

// Close ends the part for ever, with little grace.
func (p *Part) Close() {
	p.end()
	p.turn <- struct{}{} // whoever has it sees the end of life, and lets go
	p.stop(closeGrace)
	p.slot.Gate.Close()
	if p.slot.Free != nil {
		p.slot.Free()
	}
	p.journal.Close()
	p.set(sandbox.Stopped, "", "")
}

// restart ends the process in good order and starts it. The turn is held.
func (p *Part) restart(ctx context.Context, grace time.Duration) error {
	p.stop(grace)
	return p.start(ctx)
}
