// Package proxy puts a public address in front of a process. The address stays
// the same while the process comes and goes: a disabled proxy refuses connections,
// an open one passes them on, a slow one delays every answer. It knows
// nothing of what the process is, or why it is gone.
package proxy

import (
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"cnalab/server/sandbox/cleanup"
)

// dialLimit bounds how long the process behind may take to accept.
const dialLimit = 5 * time.Second

// Proxy is one public address. A new one is shut.
type Proxy struct {
	public   string
	upstream string
	delay    atomic.Int64 // time.Duration added to every answer

	mu       sync.Mutex
	listener net.Listener // nil while shut
	conns    map[*connection]struct{}
	closed   bool
}

// New takes a public address on loopback and leads it to upstream.
func New(upstream string) (*Proxy, error) {
	public, err := cleanup.ReservePort()
	if err != nil {
		return nil, fmt.Errorf("open proxy: %w", err)
	}
	return &Proxy{public: public, upstream: upstream, conns: map[*connection]struct{}{}}, nil
}

// Address is the public one, HOST:PORT.
func (g *Proxy) Address() string { return g.public }

// Enable lets connections through. It is safe to enable an enabled one.
func (g *Proxy) Enable() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.listener != nil || g.closed {
		return nil
	}
	listener, err := net.Listen("tcp", g.public)
	if err != nil {
		return fmt.Errorf("open proxy: %w", err)
	}
	g.listener = listener
	go g.accept(listener)
	return nil
}

// Drain lets nobody new in; connections there are may go on.
func (g *Proxy) Drain() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.stopListening()
}

func (g *Proxy) stopListening() {
	if g.listener != nil {
		g.listener.Close()
		g.listener = nil
	}
}

// Disable refuses new connections and cuts those there are.
func (g *Proxy) Disable() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.stopListening()
	for l := range g.conns {
		l.reset()
	}
}

// SetLatency delays every answer from now on; 0 ends it.
func (g *Proxy) SetLatency(delay time.Duration) { g.delay.Store(int64(delay)) }

// Close disables it for ever and gives its address back.
func (g *Proxy) Close() {
	g.Disable()
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.closed {
		g.closed = true
		cleanup.ReleasePort(g.public)
	}
}

func (g *Proxy) accept(listener net.Listener) {
	for {
		client, err := listener.Accept()
		if err != nil {
			return // shut
		}
		go g.serve(listener, client)
	}
}

func (g *Proxy) serve(listener net.Listener, client net.Conn) {
	server, err := net.DialTimeout("tcp", g.upstream, dialLimit)
	if err != nil {
		reset(client)
		return
	}
	l := &connection{client: client, server: server}
	if !g.add(listener, l) {
		l.reset()
		return
	}
	defer g.remove(l)
	l.copy(&g.delay)
}

// add takes the connection in, unless the proxy was disabled while it was dialled.
func (g *Proxy) add(listener net.Listener, l *connection) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.listener != listener {
		return false
	}
	g.conns[l] = struct{}{}
	return true
}

func (g *Proxy) remove(l *connection) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.conns, l)
}
