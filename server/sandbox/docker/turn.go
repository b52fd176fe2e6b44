package docker

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"mvdan.cc/sh/v3/syntax"

	"cnalab/server/sandbox/engine"
	"cnalab/server/sandbox/runtime"
)

// turn is one start of a program in a seat. A program that ends by itself takes
// its seat along, and so the engine tells how it ended.
type turn struct {
	seat *seat
	done chan struct{}
	err  error
}

// run has the seat run the program, which prints to output.
func (s *seat) run(ctx context.Context, program runtime.Program, output io.Writer) (*turn, error) {
	inside, err := s.carry(ctx, program.Path)
	if err != nil {
		return nil, err
	}
	script, err := s.script(inside, program)
	if err != nil {
		return nil, err
	}
	s.turn = &turn{seat: s, done: make(chan struct{})}
	go s.turn.watch(s.streams[0].to(output), s.streams[1].to(output))
	if _, err := io.WriteString(s.stream.Conn, script); err != nil {
		return nil, fmt.Errorf("start program: %w", engine.Translate(err))
	}
	return s.turn, nil
}

// script is what the shell is told. A signal interrupts its waiting, so it waits
// again while there is something to wait for.
func (s *seat) script(inside string, program runtime.Program) (string, error) {
	var lines strings.Builder
	lines.WriteString("asked=; child=\n" +
		"trap 'asked=yes; kill -TERM $child' TERM\n" +
		"(\n")
	for _, pair := range program.Env {
		name, value, _ := strings.Cut(pair, "=")
		quoted, err := syntax.Quote(value, syntax.LangPOSIX)
		if err != nil {
			return "", fmt.Errorf("tell the program %s: %w", name, err)
		}
		fmt.Fprintf(&lines, "export %s=%s\n", name, quoted)
	}
	lines.WriteString("exec " + inside)
	for _, arg := range program.Args {
		quoted, err := syntax.Quote(arg, syntax.LangPOSIX)
		if err != nil {
			return "", fmt.Errorf("start program: %w", err)
		}
		lines.WriteString(" " + quoted)
	}
	lines.WriteString("\n) </dev/null &\n" +
		"child=$!\n" +
		"[ $asked ] && kill -TERM $child\n" + // it was asked before there was a child
		"wait $child; code=$?\n" +
		"while kill -0 $child 2>/dev/null; do wait $child; code=$?; done\n" +
		"[ $asked ] || exit $code\n" +
		"kill -KILL -1 2>/dev/null\n" + // what the program has started
		"printf %s " + s.mark + "; printf %s " + s.mark + " >&2\n")
	return lines.String(), nil
}

// watch waits until both streams have ended or the container has.
func (t *turn) watch(streams ...<-chan struct{}) {
	defer close(t.done)
	for _, ended := range streams {
		select {
		case <-ended:
		case <-t.seat.Done():
			t.err = t.seat.Err()
			return
		}
	}
}

// Done is closed when the program has ended, and all that it has started.
func (t *turn) Done() <-chan struct{} { return t.done }

// Err says how it ended.
func (t *turn) Err() error {
	<-t.done
	return t.err
}

// Stop asks the program to end, and ends the container when the grace is over.
func (t *turn) Stop(grace time.Duration) {
	t.Resume()
	t.seat.signal("TERM")
	select {
	case <-t.done:
	case <-time.After(grace):
		t.Kill()
	}
}

// Kill ends the container at once, with all that runs in it.
func (t *turn) Kill() { t.seat.Kill() }

// Pause freezes all of the container.
func (t *turn) Pause() error { return t.seat.Pause() }

// Resume lets it go on.
func (t *turn) Resume() { t.seat.Resume() }
