package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/gofrs/flock"
	"github.com/spf13/cobra"

	"cnalab/labs"
	"cnalab/server/console"
	"cnalab/server/datadir"
	"cnalab/server/sandbox/cleanup"
	"cnalab/server/warm"
)

func serveCommand(o *options) *cobra.Command {
	var f serveFlags
	c := &cobra.Command{
		Use:   "serve",
		Short: "Serve the labs to your browser (the default)",
		Long: "Serves the labs on this machine alone, prints the address to open, and runs\n" +
			"until Ctrl-C, which closes every sandbox. Your files stay.",
		Example: "  cnalab serve\n  cnalab serve --addr 127.0.0.1:9090\n  cnalab serve --data ~/course",
		Args:    noVerb,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := allowed(f.address, f.published); err != nil {
				return err
			}
			return o.serve(c.Context(), f, c.OutOrStdout(), c.ErrOrStderr())
		},
	}
	c.Flags().StringVar(&f.address, "addr", "127.0.0.1:8080", "`HOST:PORT` to listen on; the host is this machine's own")
	// A container's loopback cannot be published, and who may reach the port
	// is for `docker run -p 127.0.0.1:8080:8080` to say: so an image's command
	// says both that it is one, and where it listens.
	c.Flags().BoolVar(&f.published, "in-container", false, "allow any --addr: for a container whose port is published on the loopback of its host")
	c.Flags().StringSliceVar(&f.hosts, "host", nil, "`NAME` that the server may also be asked by, as where another machine forwards to it")
	c.Flags().BoolVar(&f.newToken, "new-token", false, "change the token: addresses and browsers that had the old one are let in no more")
	must(c.RegisterFlagCompletionFunc("addr", cobra.NoFileCompletions))
	must(c.RegisterFlagCompletionFunc("host", cobra.NoFileCompletions))
	return c
}

// serveFlags is how labs are served.
type serveFlags struct {
	address   string
	published bool
	hosts     []string
	newToken  bool
}

func (o *options) serve(ctx context.Context, f serveFlags, out, log io.Writer) (err error) {
	data := datadir.Dir(o.data)
	if err := data.Create(); err != nil {
		return err
	}
	lock, err := data.Lock()
	if err != nil {
		return err
	}
	defer lock.Close()
	if f.newToken {
		if err := data.ForgetToken(); err != nil {
			return err
		}
	}
	listener, err := listen(ctx, f.address)
	if err != nil {
		return err
	}
	defer listener.Close()
	p, err := o.open(log, true)
	if err != nil {
		return err
	}
	pages, token, err := p.site(f.hosts)
	if err != nil {
		return errors.Join(err, p.close(nil))
	}
	p.sweep()
	here := datadir.Server{URL: "http://" + reachable(listener.Addr()), Token: token, PID: os.Getpid()}
	if err := data.Announce(here); err != nil {
		return errors.Join(err, p.close(nil))
	}
	defer data.Withdraw()
	p.greet(out, here)
	p.traceOnQuit(ctx, out)
	go p.warm(ctx)
	go p.keepSwept(ctx)
	if err := cleanup.StartReaper(); err != nil {
		p.log.Warn("start", "err", err) // the next start sweeps too
	}
	ctx, release := p.hold(ctx, lock, here)
	defer release()
	return errors.Join(p.answer(ctx, pages, listener, out), lostLock(ctx))
}

// hold keeps the data folder until release is called, which is when the last
// file is written. The context ends where another server has taken the folder.
func (p *program) hold(ctx context.Context, lock *flock.Flock, here datadir.Server) (held context.Context, release func()) {
	holding, release := context.WithCancel(context.WithoutCancel(ctx))
	held, end := context.WithCancelCause(ctx)
	again := func() {
		if err := errors.Join(p.data.KeepToken(here.Token), p.data.Announce(here)); err != nil {
			p.log.Error("announce the server again", "err", err)
		}
	}
	lost := p.data.KeepLock(holding, lock, again)
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

func (p *program) warm(ctx context.Context) {
	all, _ := p.library.Labs()
	warm.Labs(ctx, warm.Config{Grader: p.grader, Provider: p.provider, Log: p.log}, all)
}

// greet says what runs, what to open and how to end it.
func (p *program) greet(out io.Writer, here datadir.Server) {
	all, broken := p.library.Labs()
	ready := 0
	for _, lab := range all {
		if !lab.Planned {
			ready++
		}
	}
	fmt.Fprintf(out, "CNA Lab serves %s from %s.\n", console.Count(ready, "lab", "labs"), p.project.Labs)
	fmt.Fprintf(out, "Your files are in %s.\n", p.workspaces.Dir())
	if broken != nil {
		console.Problem(out, broken, localeLanguage(os.Getenv))
	}
	fmt.Fprintf(out, "\n  Open  %s\n\nCtrl-C closes every sandbox and ends the server.\n", here.SignIn())
}
