package docker

import (
	"context"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/moby/moby/api/pkg/stdcopy"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"

	"cnalab/server/sandbox/engine"
	"cnalab/server/sandbox/part"
)

// requestTimeout bounds one request to the engine: pause, kill, remove.
const requestTimeout = 20 * time.Second

// process is one start of a container.
type process struct {
	engine *docker
	id     string
	signal string // asks it to end
	memory int64  // its bound in bytes
	// disposable is true where the container is removed when it has ended.
	disposable bool

	paused atomic.Bool
	done   chan struct{}
	err    error
}

// begin starts a container that has been created, and passes on what it
// prints. Output that nobody takes holds the container up: the engine keeps
// none of it on disk.
func (p *process) begin(ctx context.Context, output io.Writer) error {
	life := context.WithoutCancel(ctx)
	stream, err := p.engine.ContainerAttach(life, p.id, client.ContainerAttachOptions{Stream: true, Stdout: true, Stderr: true})
	if err != nil {
		return fmt.Errorf("read container: %w", engine.Translate(err))
	}
	ends := p.engine.ContainerWait(life, p.id, client.ContainerWaitOptions{Condition: container.WaitConditionNextExit})
	if _, err := p.engine.ContainerStart(ctx, p.id, client.ContainerStartOptions{}); err != nil {
		stream.Close()
		return fmt.Errorf("start container: %w", engine.Translate(err))
	}
	p.done = make(chan struct{})
	var read sync.WaitGroup
	read.Go(func() { stdcopy.StdCopy(output, output, stream.Reader) })
	go func() {
		defer close(p.done)
		p.err = p.exit(ends)
		stream.Close()
		read.Wait()
		if p.disposable {
			p.remove()
		}
	}()
	return nil
}

// exit waits for the container's end and says how it was.
func (p *process) exit(ends client.ContainerWaitResult) error {
	select {
	case err := <-ends.Error:
		return engine.ErrEngineLost(err)
	case end := <-ends.Result:
		if end.StatusCode == 0 {
			return nil
		}
		ctx, cancel := context.WithTimeout(context.Background(), requestTimeout)
		defer cancel()
		found, err := p.engine.ContainerInspect(ctx, p.id, client.ContainerInspectOptions{})
		if err == nil && found.Container.State.OOMKilled {
			return part.LimitExceeded(fmt.Sprintf("used more than %d MB of memory", p.memory>>20))
		}
		return fmt.Errorf("exit status %d", end.StatusCode)
	}
}

// Done is closed when the container has ended and what it printed is passed on.
func (p *process) Done() <-chan struct{} { return p.done }

// Err says how it ended.
func (p *process) Err() error {
	<-p.done
	return p.err
}

// Stop asks the container to end, and kills it when the grace is over.
func (p *process) Stop(grace time.Duration) {
	p.Resume()
	p.send(p.signal)
	select {
	case <-p.done:
	case <-time.After(grace):
		p.Kill()
	}
}

// Kill ends the container at once, with all that it has started.
func (p *process) Kill() {
	p.Resume() // a frozen one does not die of it
	p.send("KILL")
	select {
	case <-p.done:
	case <-time.After(requestTimeout): // the engine is gone, or hangs
	}
}

// Pause freezes all of the container.
func (p *process) Pause() (err error) {
	p.request(func(ctx context.Context) error {
		_, err = p.engine.ContainerPause(ctx, p.id, client.ContainerPauseOptions{})
		return err
	})
	if err != nil && p.alive() {
		return engine.PauseError(err)
	}
	p.paused.Store(true)
	return nil
}

// alive reports whether the container runs.
func (p *process) alive() bool {
	select {
	case <-p.done:
		return false
	default:
		return true
	}
}

// Resume lets it go on.
func (p *process) Resume() {
	if p.paused.Swap(false) {
		p.request(func(ctx context.Context) error {
			_, err := p.engine.ContainerUnpause(ctx, p.id, client.ContainerUnpauseOptions{})
			return err
		})
	}
}

func (p *process) send(signal string) {
	p.request(func(ctx context.Context) error {
		_, err := p.engine.ContainerKill(ctx, p.id, client.ContainerKillOptions{Signal: signal})
		return err
	})
}

func (p *process) remove() {
	p.request(func(ctx context.Context) error {
		_, err := p.engine.ContainerRemove(ctx, p.id, client.ContainerRemoveOptions{Force: true, RemoveVolumes: true})
		return err
	})
}

// request asks the engine for something. Its error says nothing: a container that has
// ended cannot be told anything, and whether it has is what Done tells.
func (p *process) request(do func(ctx context.Context) error) {
	ctx, cancel := context.WithTimeout(context.Background(), requestTimeout)
	defer cancel()
	_ = do(ctx)
}
