package docker

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"

	toxiproxy "github.com/Shopify/toxiproxy/v2/client"

	"cnalab/fixtures/link"
	"cnalab/labs"
	"cnalab/server/sandbox/port"
)

// The links of a sandbox are one container that everybody reaches the parts
// through: the parts each other by name, and this machine by ports on
// loopback. Its addresses stay whatever becomes of the parts.
type links struct {
	token   string
	control string            // HOST:PORT on this machine
	ports   map[string]string // addresses on this machine, by the port inside
	lines   []*line
	ready   chan struct{} // closed when it is up
}

// line leads from one port of the links to a part.
type line struct {
	name     string
	inside   int    // the port others connect to
	upstream string // HOST:PORT of the part
	reach    reach
	proxy    *toxiproxy.Proxy
}

// reach says who uses a line.
type reach int

const (
	within  reach = iota // the parts alone
	public               // this machine too
	private              // this program alone, whatever faults there are
)

// lag is the name of what slows a line.
const lag = "lag"

func newLinks(token string) (*links, error) {
	l := &links{token: token, ports: map[string]string{}, ready: make(chan struct{})}
	var err error
	l.control, err = l.reserve(link.Control)
	return l, err
}

// lead adds a line; the links do not run yet.
func (l *links) lead(name string, inside int, upstream string, who reach) (*line, error) {
	added := &line{name: name, inside: inside, upstream: upstream, reach: who}
	if who != within {
		if _, err := l.reserve(strconv.Itoa(inside)); err != nil {
			return nil, err
		}
	}
	l.lines = append(l.lines, added)
	return added, nil
}

func (l *links) reserve(inside string) (string, error) {
	address, err := port.Reserve()
	if err == nil {
		l.ports[inside] = address
	}
	return address, err
}

// outside is a line's address on this machine.
func (l *links) outside(inside int) string { return l.ports[strconv.Itoa(inside)] }

// settle waits until the links answer and makes the lines: each is cut, but for private ones.
func (l *links) settle(ctx context.Context) error {
	endpoint := l.control + "/" + l.token
	for l.ask(ctx, "version", nil) != nil {
		select {
		case <-ctx.Done():
			return fmt.Errorf("start links: %w", ctx.Err())
		case <-time.After(10 * time.Millisecond):
		}
	}
	for _, line := range l.lines {
		line.proxy = toxiproxy.NewClient(endpoint).NewProxy()
		line.proxy.Name, line.proxy.Listen, line.proxy.Upstream = line.name, net.JoinHostPort("0.0.0.0", strconv.Itoa(line.inside)), line.upstream
		line.proxy.Enabled = line.reach == private
		if err := line.proxy.Save(); err != nil {
			return fmt.Errorf("make link %s: %w", line.name, err)
		}
	}
	close(l.ready)
	return nil
}

// answers returns nil where a part accepts connections.
func (l *links) answers(ctx context.Context, upstream string) error {
	return l.ask(ctx, "answers", url.Values{"address": {upstream}})
}

func (l *links) ask(ctx context.Context, path string, query url.Values) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+l.control+"/"+l.token+"/"+path+"?"+query.Encode(), nil)
	if err != nil {
		return err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	answer.Body.Close()
	if answer.StatusCode >= 300 {
		return fmt.Errorf("links answer %s", answer.Status)
	}
	return nil
}

// up reports whether the links answer.
func (l *links) up() bool {
	select {
	case <-l.ready:
		return true
	default:
		return false
	}
}

// free gives the addresses back.
func (l *links) free() {
	for _, address := range l.ports {
		port.Release(address)
	}
}

// gate is a part's address: its lines open, close and slow together.
type gate struct {
	links *links
	lines []*line // the first with a port on this machine is the address

	mu   sync.Mutex
	slow bool
}

// Address is where this machine reaches the part.
func (g *gate) Address() string {
	for _, line := range g.lines {
		if line.reach == public {
			return g.links.outside(line.inside)
		}
	}
	return ""
}

// Open lets connections through.
func (g *gate) Open() error {
	return g.each(func(line *line) error { return line.proxy.Enable() })
}

// Refuse does nothing: the links cannot turn away some and keep others. What
// comes to a part that is ending it refuses itself.
func (g *gate) Refuse() {}

// Shut cuts what there is, and refuses what comes.
func (g *gate) Shut() {
	g.each(func(line *line) error { return line.proxy.Disable() })
}

// Slow delays every answer; 0 ends it.
func (g *gate) Slow(delay time.Duration) {
	g.mu.Lock()
	before := g.slow
	g.slow = delay > 0
	g.mu.Unlock()
	g.each(func(line *line) error {
		if before {
			line.proxy.RemoveToxic(lag)
		}
		if delay == 0 {
			return nil
		}
		_, err := line.proxy.AddToxic(lag, "latency", "downstream", 1, toxiproxy.Attributes{"latency": delay.Milliseconds()})
		return err
	})
}

// Close does nothing: the lines go with the links.
func (g *gate) Close() {}

// each does something to every line, once the links are up.
func (g *gate) each(do func(*line) error) error {
	if !g.links.up() {
		return nil
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, line := range g.lines {
		if err := do(line); err != nil {
			return &labs.Problem{Kind: labs.Sandbox, Say: "The sandbox's links do not answer.", Next: "Open the sandbox again.", Err: fmt.Errorf("link %s: %w", line.name, err)}
		}
	}
	return nil
}
