// Package gate puts a public address in front of a process. The address stays
// the same while the process comes and goes: a shut gate refuses connections,
// an open one passes them on, a slow one delays every answer. It knows
// nothing of what the process is, or why it is gone.
package gate

import (
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"cnalab/server/sandbox/port"
)

// dialLimit bounds how long the process behind may take to accept.
const dialLimit = 5 * time.Second

// Gate is one public address. A new one is shut.
type Gate struct {
	public   string
	upstream string
	delay    atomic.Int64 // time.Duration added to every answer

	mu       sync.Mutex
	listener net.Listener // nil while shut
	links    map[*link]struct{}
	closed   bool
}

// New takes a public address on loopback and leads it to upstream.
func New(upstream string) (*Gate, error) {
	public, err := port.Reserve()
	if err != nil {
		return nil, fmt.Errorf("open gate: %w", err)
	}
	return &Gate{public: public, upstream: upstream, links: map[*link]struct{}{}}, nil
}

// Address is the public one, HOST:PORT.
func (g *Gate) Address() string { return g.public }

// Open lets connections through. It is safe to open an open gate.
func (g *Gate) Open() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.listener != nil || g.closed {
		return nil
	}
	listener, err := net.Listen("tcp", g.public)
	if err != nil {
		return fmt.Errorf("open gate: %w", err)
	}
	g.listener = listener
	go g.accept(listener)
	return nil
}

// Refuse lets nobody new in; connections there are may go on.
func (g *Gate) Refuse() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.refuse()
}

func (g *Gate) refuse() {
	if g.listener != nil {
		g.listener.Close()
		g.listener = nil
	}
}

// Shut refuses new connections and cuts those there are.
func (g *Gate) Shut() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.refuse()
	for l := range g.links {
		l.cut()
	}
}

// Slow delays every answer from now on; 0 ends it.
func (g *Gate) Slow(delay time.Duration) { g.delay.Store(int64(delay)) }

// Close shuts the gate for ever and gives its address back.
func (g *Gate) Close() {
	g.Shut()
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.closed {
		g.closed = true
		port.Release(g.public)
	}
}

func (g *Gate) accept(listener net.Listener) {
	for {
		client, err := listener.Accept()
		if err != nil {
			return // shut
		}
		go g.pass(listener, client)
	}
}

func (g *Gate) pass(listener net.Listener, client net.Conn) {
	server, err := net.DialTimeout("tcp", g.upstream, dialLimit)
	if err != nil {
		reset(client)
		return
	}
	l := &link{client: client, server: server}
	if !g.add(listener, l) {
		l.cut()
		return
	}
	defer g.remove(l)
	l.run(&g.delay)
}

// add takes the link in, unless the gate was shut while it was dialled.
func (g *Gate) add(listener net.Listener, l *link) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.listener != listener {
		return false
	}
	g.links[l] = struct{}{}
	return true
}

func (g *Gate) remove(l *link) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.links, l)
}
