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

	"cnalab/labs"
	"cnalab/server/site"
	"cnalab/web/assets"
	"cnalab/web/gallery"
	"cnalab/web/page"

	"github.com/a-h/templ"
)

// timeout is how long requests under way may take when the server ends.
const timeout = 5 * time.Second

// site makes the pages, and the token that lets a browser in.
func (p *program) site(hosts []string) (*site.Site, string, error) {
	bundle, err := assets.Open(os.DirFS(filepath.Join(p.project.Root, "web", "assets", "dist")))
	if err != nil {
		return nil, "", &labs.Problem{Kind: labs.Machine, Err: err,
			Say:  "The pages are not built yet.",
			Next: "Run `go tool task up`: it builds them and starts the server."}
	}
	token, err := p.data.Token()
	if err != nil {
		return nil, "", err
	}
	return site.New(site.Config{
		Token:     token,
		Hosts:     hosts,
		Library:   p.library,
		Session:   func(lab *labs.Lab) site.Session { return p.session(lab) },
		Workspace: func(lab *labs.Lab) site.Workspace { return siteWorkspace{p.workspaces.Lab(lab)} },
		Terminals: p.shells.of,
		Progress:  p.progress,
		HandIn:    p.pack,
		Mutants:   p.triedMutants,
		Assets:    bundle,
		Gallery:   func(shell page.Shell) templ.Component { return gallery.View(gallery.Page{Shell: shell}) },
		Log:       p.log,
	}), token, nil
}

// answer answers until ctx ends or the listener fails, then ends everything in
// good order.
func (p *program) answer(ctx context.Context, pages *site.Site, listener net.Listener, out io.Writer) error {
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
	if errors.Is(err, http.ErrServerClosed) {
		err = nil
	}
	if err = errors.Join(err, p.end(server, out)); err != nil {
		return &labs.Problem{Kind: labs.Machine, Err: err, Say: "The server did not end in good order.",
			Next: "Your files are saved. What is left of its sandboxes is swept away at the next start.", Detail: err.Error()}
	}
	fmt.Fprintf(out, "Closed. Your files are in %s.\n", p.workspaces.Dir())
	return nil
}

// end lets requests under way finish while the sandboxes close.
func (p *program) end(server *http.Server, out io.Writer) error {
	ending, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	closed := make(chan error, 1)
	go func() {
		closed <- p.close(func(lab *labs.Lab) { fmt.Fprintf(out, "  closing the sandbox of %s %s\n", lab.Number, lab.Title) })
	}()
	if err := server.Shutdown(ending); err != nil {
		server.Close()
	}
	return <-closed
}
