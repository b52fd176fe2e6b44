package runtime

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

// supervise waits for the process's end, and starts it again where nobody
// wanted it.
func (p *Component) supervise(r *run) {
	<-r.process.Done()
	p.mu.Lock()
	unwanted := p.running == r && !r.expected
	if unwanted {
		p.fault = ""
		if time.Since(r.began) > longRun {
			p.restarts = 0
		}
		p.restarts++
	}
	pause := min(firstPause<<min(max(p.restarts-1, 0), 10), lastPause)
	p.mu.Unlock()
	if !unwanted {
		return
	}
	p.workload.Proxy.Disable()
	p.logs.Flush()
	say, words := p.exitMessage(r), p.lastLines(r)
	p.logs.Log("ERROR", say)
	p.set(sandbox.Crashed, say, words)
	select {
	case <-time.After(pause):
		p.restartAfterCrash(r)
	case <-p.ctx.Done():
	}
}

// restartAfterCrash starts the part, unless somebody else has changed it meanwhile.
func (p *Component) restartAfterCrash(r *run) {
	release, err := p.lock(p.ctx)
	if err != nil {
		return
	}
	defer release()
	p.mu.Lock()
	mine := p.running == r && p.state == sandbox.Crashed
	p.mu.Unlock()
	if mine {
		p.start(p.ctx) // a failure is in the part's state
	}
}

// terminate ends the process as end does it, and takes it off the part. The
// lock is held.
func (p *Component) terminate(end func(r *run)) {
	p.mu.Lock()
	r := p.running
	if r != nil {
		r.expected = true
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
func (p *Component) stop(grace time.Duration) {
	p.workload.Proxy.Drain()
	p.terminate(func(r *run) { r.process.Stop(grace) })
	p.workload.Proxy.Disable()
}

// current returns the process, where it runs.
func (p *Component) current() *run {
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

// IsReady reports whether the part runs and has answered.
func (p *Component) IsReady() bool {
	r := p.current()
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
func (p *Component) Close() {
	p.cancel()
	p.busy <- struct{}{} // whoever has it sees the end of life, and lets go
	p.stop(closeGrace)
	p.workload.Proxy.Close()
	if p.workload.Release != nil {
		p.workload.Release()
	}
	p.logs.Close()
	p.set(sandbox.Stopped, "", "")
}

// restart ends the process in good order and starts it. The lock is held.
func (p *Component) restart(ctx context.Context, grace time.Duration) error {
	p.stop(grace)
	return p.start(ctx)
}
