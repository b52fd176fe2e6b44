package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
	"github.com/spf13/cobra"

	"cnalab/labs"
	"cnalab/server/site"
	"cnalab/web/assets"
)

// patience is how long requests under way may take when the server ends.
const timeout = 5 * time.Second

func serveCommand(o *options) *cobra.Command {
	var address string
	c := &cobra.Command{
		Use:   "serve",
		Short: "Serve the labs to your browser (the default)",
		Long: "Serves the labs on this machine alone, prints the address to open, and runs\n" +
			"until Ctrl-C, which closes every sandbox. Your files stay.",
		Example: "  cnalab serve\n  cnalab serve --addr 127.0.0.1:9090\n  cnalab serve --data ~/course",
		Args:    noVerb,
		RunE: func(c *cobra.Command, _ []string) error {
			return o.serve(c.Context(), address, c.OutOrStdout(), c.ErrOrStderr())
		},
	}
	c.Flags().StringVar(&address, "addr", "127.0.0.1:8080", "`HOST:PORT` to listen on; the host is this machine's own")
	must(c.RegisterFlagCompletionFunc("addr", cobra.NoFileCompletions))
	return c
}

func (o *options) serve(ctx context.Context, address string, out, log io.Writer) (err error) {
	if err := loopback(address); err != nil {
		return err
	}
	if err := folder(o.data).create(); err != nil {
		return err
	}
	lock, err := folder(o.data).lock()
	if err != nil {
		return err
	}
	defer lock.Close()
	listener, err := listen(ctx, address)
	if err != nil {
		return err
	}
	defer listener.Close()
	p, err := o.open(log, true)
	if err != nil {
		return err
	}
	pages, token, err := p.site()
	if err != nil {
		return errors.Join(err, p.close(nil))
	}
	p.sweep()
	here := running{URL: "http://" + listener.Addr().String(), Token: token, PID: os.Getpid()}
	if err := p.data.announce(here); err != nil {
		return errors.Join(err, p.close(nil))
	}
	defer p.data.withdraw()
	p.greet(out, here)
	go p.warm(ctx)
	go p.keepSwept(ctx)
	ctx, release := p.hold(ctx, lock, here)
	defer release()
	return errors.Join(p.until(ctx, pages, listener, out), lostLock(ctx))
}

// hold keeps the data folder until release is called, which is when the last
// file is written. The context ends where another server has taken the folder.
func (p *program) hold(ctx context.Context, lock *flock.Flock, here running) (held context.Context, release func()) {
	holding, release := context.WithCancel(context.WithoutCancel(ctx))
	held, end := context.WithCancelCause(ctx)
	lost := p.data.keepLock(holding, lock, func() { p.restore(here) })
	go func() { end(<-lost) }()
	return held, release
}

// lostLock is the error that ended the server where that was another one.
func lostLock(ctx context.Context) error {
	if why, ok := errors.AsType[*labs.Problem](context.Cause(ctx)); ok {
		return why
	}
	return nil
}

// restore writes again what other commands find the server by.
func (p *program) restore(here running) {
	if err := errors.Join(p.data.keepToken(here.Token), p.data.announce(here)); err != nil {
		p.log.Error("announce the server again", "error", err)
	}
}

// until answers until ctx ends or the listener fails, then ends everything in
// good order.
func (p *program) until(ctx context.Context, pages *site.Site, listener net.Listener, out io.Writer) error {
	server := pages.Server()
	broken := make(chan error, 1)
	go func() { broken <- server.Serve(listener) }()
	var err error
	select {
	case <-ctx.Done():
		fmt.Fprintln(out, "\nClosing. Ctrl-C once more ends it at once.")
	case err = <-broken:
	}
	pages.Close()
	ending, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	closed := make(chan error, 1)
	go func() {
		closed <- p.close(func(lab *labs.Lab) { fmt.Fprintf(out, "  closing the sandbox of %s %s\n", lab.Number, lab.Title) })
	}()
	if shutdown := server.Shutdown(ending); shutdown != nil {
		server.Close()
	}
	if errors.Is(err, http.ErrServerClosed) {
		err = nil
	}
	if err = errors.Join(err, <-closed); err != nil {
		return &labs.Problem{Kind: labs.Machine, Err: err, Say: "The server did not end in good order.",
			Next: "Your files are saved. What is left of its sandboxes is swept away at the next start.", Detail: err.Error()}
	}
	fmt.Fprintf(out, "Closed. Your files are in %s.\n", p.workspaces.Dir())
	return nil
}

// site makes the pages.
func (p *program) site() (*site.Site, string, error) {
	dist := filepath.Join(p.root, "web", "assets", "dist")
	bundle, err := assets.Open(os.DirFS(dist))
	if err != nil {
		return nil, "", &labs.Problem{Kind: labs.Machine, Err: err,
			Say:  "The pages are not built yet.",
			Next: "Run `go tool task up`: it builds them and starts the server."}
	}
	token, err := p.data.token()
	if err != nil {
		return nil, "", err
	}
	return site.New(site.Config{
		Token:     token,
		Library:   p.library,
		Session:   func(lab *labs.Lab) site.Session { return p.session(lab) },
		Workspace: func(lab *labs.Lab) site.Workspace { return siteWorkspace{p.workspaces.Lab(lab)} },
		Terminals: p.shells.of,
		Progress:  p.progress,
		Assets:    bundle,
		Log:       p.log,
	}), token, nil
}

// greet says what runs, what to open and how to end it.
func (p *program) greet(out io.Writer, here running) {
	all, broken := p.library.Labs()
	ready := 0
	for _, lab := range all {
		if !lab.Planned {
			ready++
		}
	}
	fmt.Fprintf(out, "CNA Lab serves %s from %s.\n", count(ready, "lab", "labs"), p.labs)
	fmt.Fprintf(out, "Your files are in %s.\n", p.workspaces.Dir())
	if broken != nil {
		writeProblem(out, broken)
	}
	fmt.Fprintf(out, "\n  Open  %s\n\nCtrl-C closes every sandbox and ends the server.\n", here.open())
}
