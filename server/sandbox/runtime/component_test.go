package runtime

import (
	"context"
	"errors"
	"io"
	"testing"
	"time"

	"cnalab/labs"
	"cnalab/server/sandbox"
	"cnalab/server/sandbox/part"
)

// engine is what parts run in, until it is gone.
type engine struct{ gone chan struct{} }

// gone is what is said of it then.
var goneSay = "The engine does not answer any more."

func (e *engine) problem() error {
	return &labs.Problem{Kind: labs.Sandbox, Say: goneSay, Next: "Start it."}
}

func (e *engine) Done() <-chan struct{} { return e.gone }
func (e *engine) Err() error            { <-e.gone; return e.problem() }
func (e *engine) Stop(time.Duration)    {}
func (e *engine) Kill()                 {}
func (e *engine) Pause() error          { return nil }
func (e *engine) Resume()               {}

func (e *engine) start(context.Context, Program, io.Writer) (Process, error) {
	select {
	case <-e.gone:
		return nil, e.problem()
	default:
		return e, nil
	}
}

// folder is a backend with nothing but a folder.
type folder struct {
	Backend
	path   string
	events sandbox.EventBus
}

func (f *folder) Folder() string            { return f.path }
func (f *folder) Events() *sandbox.EventBus { return &f.events }

// probeProxy is always enabled.
type probeProxy struct{}

func (probeProxy) Address() string          { return "127.0.0.1:1" }
func (probeProxy) Enable() error            { return nil }
func (probeProxy) Drain()                   {}
func (probeProxy) Disable()                 {}
func (probeProxy) SetLatency(time.Duration) {}
func (probeProxy) Close()                   {}

// Where what a part runs in is gone, that is said, and not that the learner's
// program ended.
func TestAPartWhoseEngineIsGone(t *testing.T) {
	e := &engine{gone: make(chan struct{})}
	w := Workload{Proxy: probeProxy{}, Start: e.start, Ready: func(context.Context) error { return nil }}
	d := part.Definition{Name: "order", Program: &part.Program{Folder: "order"}, StartTimeout: time.Second}
	p := NewComponent(d, w, &folder{path: t.TempDir()}, func() (Program, error) { return Program{}, nil })
	defer p.Close()
	if err := p.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	close(e.gone)
	for end := time.Now().Add(5 * time.Second); p.Snapshot().State != sandbox.Crashed; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("part %+v, want it crashed", p.Snapshot())
		}
	}
	if got := p.Snapshot().Say; got != goneSay {
		t.Errorf("it says %q", got)
	}
	err := p.heal(t.Context())
	if problem, ok := errors.AsType[*labs.Problem](err); !ok || problem.Kind != labs.Sandbox || problem.Say != goneSay {
		t.Errorf("healed: %v", err)
	}
}
