package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/pprof"
	"syscall"
)

// traceOnQuit writes what the program is doing into a file each time that it
// gets SIGQUIT (Ctrl-\), for whoever looks into why it hangs; Go would print it
// all to the learner, and end.
func (p *program) traceOnQuit(ctx context.Context, out io.Writer) {
	quit := make(chan os.Signal, 1)
	signal.Notify(quit, syscall.SIGQUIT)
	go func() {
		defer signal.Stop(quit)
		for {
			select {
			case <-ctx.Done():
				return
			case <-quit:
				p.trace(out)
			}
		}
	}()
}

func (p *program) trace(out io.Writer) {
	path := p.data.Path("trace.txt")
	file, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		p.log.Warn("write a trace", "err", err)
		return
	}
	defer file.Close()
	if err := pprof.Lookup("goroutine").WriteTo(file, 2); err != nil {
		p.log.Warn("write a trace", "err", err)
		return
	}
	fmt.Fprintf(out, "What the server is doing is written to %s; it goes on.\n", path)
}
