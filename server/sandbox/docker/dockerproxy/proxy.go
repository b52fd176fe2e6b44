// Package dockerproxy is a sandbox's own way to the Docker engine: a socket that
// speaks the engine's API and passes on what a lab may do. What is made through
// it bears the sandbox's labels, so that it goes with the sandbox; what other
// sandboxes have made is out of reach, and so is the machine below the engine.
// The package knows nothing of labs and steps, and removes nothing itself. It is
// one package because its rules, one file for a kind of request, all rest on
// which objects are the sandbox's own.
package dockerproxy

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"time"
)

// Config says between whom the proxy stands.
type Config struct {
	Engine    string            // unix:///var/run/docker.sock, or tcp://127.0.0.1:PORT
	Socket    string            // the path of the proxy's own socket; its folder has to be there
	Labels    map[string]string // put on everything that is made
	Own       string            // the key of the label by which the sandbox's own are told
	Name      string            // comes before the names of what is made, lower case letters and digits; names are as given where it is empty
	Workspace string            // the one folder of this machine that may be mounted
	Dangling  *DanglingImages   // notes what builds leave; nil where nobody wants to know
}

// Proxy is open until Close.
type Proxy struct {
	config  Config
	engine  http.Client // asks the engine for the proxy itself
	reverse *httputil.ReverseProxy
	server  *http.Server
	socket  net.Listener
	life    context.Context    // of what runs through the proxy
	closed  context.CancelFunc // ends that
}

// Open listens on the proxy's socket, where the engine answers.
func Open(ctx context.Context, config Config) (*Proxy, error) {
	dial, err := dialer(config.Engine)
	if err != nil {
		return nil, fmt.Errorf("open docker proxy: %w", err)
	}
	if config.Workspace, err = filepath.EvalSymlinks(config.Workspace); err != nil {
		return nil, fmt.Errorf("open docker proxy: %w", err)
	}
	transport := &http.Transport{DialContext: dial, DisableCompression: true}
	p := &Proxy{config: config, engine: http.Client{Transport: transport}}
	if err := p.ping(ctx); err != nil {
		return nil, fmt.Errorf("open docker proxy: %w", err)
	}
	// A failure is answered to who asked, and the reverse proxy's own words about
	// connections that were cut are of no use to anybody.
	quiet := log.New(io.Discard, "", 0)
	p.reverse = &httputil.ReverseProxy{Rewrite: rewrite, Transport: transport, FlushInterval: -1,
		ModifyResponse: p.modifyResponse, ErrorHandler: unreachable, ErrorLog: quiet}
	life, closed := context.WithCancel(context.WithoutCancel(ctx))
	p.life, p.closed = life, closed
	p.server = &http.Server{Handler: versioned(p.routes()), ErrorLog: quiet, ReadHeaderTimeout: 10 * time.Second,
		BaseContext: func(net.Listener) context.Context { return life }}
	if p.socket, err = listen(config.Socket); err != nil {
		closed()
		return nil, fmt.Errorf("open docker proxy: %w", err)
	}
	go p.server.Serve(p.socket)
	return p, nil
}

// Address is the proxy's own, as DOCKER_HOST has it.
func (p *Proxy) Address() string { return "unix://" + p.config.Socket }

// Close cuts what runs through the proxy, and removes the socket.
func (p *Proxy) Close() error {
	p.closed()
	err := p.server.Close()
	p.socket.Close() // where it was not served yet, the server does not know it
	p.engine.CloseIdleConnections()
	return err
}

// dialer connects to an engine of this machine: whoever can reach another
// machine's is trusted there, and nothing of this one can be mounted.
func dialer(engine string) (func(context.Context, string, string) (net.Conn, error), error) {
	u, err := url.Parse(engine)
	if err != nil {
		return nil, err
	}
	network, address := "unix", u.Path
	switch {
	case u.Scheme == "unix" && u.Path != "":
	case (u.Scheme == "tcp" || u.Scheme == "http") && loopback(u.Hostname()):
		network, address = "tcp", u.Host
	default:
		return nil, fmt.Errorf("%q is not the address of an engine on this machine", engine)
	}
	return func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, network, address)
	}, nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// listen makes the socket, for this account alone.
func listen(path string) (net.Listener, error) {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	listener, err := net.Listen("unix", path)
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(path, 0o600); err != nil {
		listener.Close()
		return nil, err
	}
	return listener, nil
}

// rewrite sends the request to the engine under its version of the API.
func rewrite(r *httputil.ProxyRequest) {
	r.Out.URL.Scheme, r.Out.URL.Host = "http", "engine"
	r.Out.URL.Path, r.Out.URL.RawPath = version(r.In.Context())+r.Out.URL.Path, ""
	r.Out.Host = "engine"
}
