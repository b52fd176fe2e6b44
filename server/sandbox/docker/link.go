package docker

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"

	toxiproxy "github.com/Shopify/toxiproxy/v2/client"

	"cnalab/fixtures/proxy"
	"cnalab/labs"
	"cnalab/server/sandbox/cleanup"
)

// The links of a sandbox are one container that everybody reaches the parts
// through: the parts each other by name, and this machine by ports on
// loopback. Its addresses stay whatever becomes of the parts.
type proxyContainer struct {
	token   string
	control string            // HOST:PORT on this machine
	ports   map[string]string // addresses on this machine, by the port inside
	routes  []*route

	mu sync.Mutex // held while lines change
	up bool       // the container runs, and its lines are as they are wanted
}

// line leads from one port of the links to a part.
type route struct {
	name     string
	port     int // the port others connect to
	exposure exposure

	// Guarded by the links: what is wanted, and what does it. Nothing does where
	// the links do not lead; those that come up later have it from the start.
	upstream string        // HOST:PORT of the part
	open     bool          // connections get through
	delay    time.Duration // each answer comes so much later
	proxy    *toxiproxy.Proxy
}

// reach says who uses a line.
type exposure int

const (
	internal exposure = iota // the parts alone
	public                   // this machine too
	private                  // this program alone, whatever faults there are
)

// reserve hands out addresses on this machine; tests have it hand out taken ones.
var reserve = cleanup.ReservePort

// lag is the name of what slows a line.
const lag = "lag"

func newProxyContainer(token string) (*proxyContainer, error) {
	l := &proxyContainer{token: token, ports: map[string]string{}}
	var err error
	l.control, err = l.reserve(proxy.Control)
	return l, err
}

// lead adds a line; the links do not run yet.
func (l *proxyContainer) addRoute(name string, inside int, upstream string, who exposure) (*route, error) {
	added := &route{name: name, port: inside, upstream: upstream, exposure: who, open: who == private}
	if who != internal {
		if _, err := l.reserve(strconv.Itoa(inside)); err != nil {
			return nil, err
		}
	}
	l.routes = append(l.routes, added)
	return added, nil
}

func (l *proxyContainer) reserve(inside string) (string, error) {
	address, err := reserve()
	if err == nil {
		l.ports[inside] = address
	}
	return address, err
}

// outside is a line's address on this machine.
func (l *proxyContainer) hostAddress(inside int) string { return l.ports[strconv.Itoa(inside)] }

// settle waits until the links answer and makes the lines as they are wanted.
func (l *proxyContainer) sync(ctx context.Context) error {
	for !l.answers(ctx) {
		select {
		case <-ctx.Done():
			return fmt.Errorf("start links: %w", ctx.Err())
		case <-time.After(10 * time.Millisecond):
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, line := range l.routes {
		here, err := l.forward(ctx, line)
		if err == nil {
			err = line.create(l.control+"/"+l.token, here)
		}
		if err != nil {
			return fmt.Errorf("make link %s: %w", line.name, err)
		}
	}
	l.up = true
	return nil
}

// lay makes the line in links that have none. The address here, in the links'
// container, leads to the part.
func (l *route) create(endpoint, here string) error {
	l.proxy = toxiproxy.NewClient(endpoint).NewProxy()
	l.proxy.Name, l.proxy.Listen, l.proxy.Upstream = l.name, net.JoinHostPort("0.0.0.0", strconv.Itoa(l.port)), here
	l.proxy.Enabled = l.open
	if err := l.proxy.Save(); err != nil || l.delay == 0 {
		return err
	}
	return l.addLatency()
}

// late makes the line's answers come later.
func (l *route) addLatency() error {
	_, err := l.proxy.AddToxic(lag, "latency", "downstream", 1, toxiproxy.Attributes{"latency": l.delay.Milliseconds()})
	return err
}

// serves reports whether the links take orders.
func (l *proxyContainer) answers(ctx context.Context) bool {
	_, err := l.request(ctx, "version", nil)
	return err == nil
}

// forward has the line lead to its part, and returns where the links have it.
func (l *proxyContainer) forward(ctx context.Context, line *route) (here string, err error) {
	return l.request(ctx, "forward", url.Values{"name": {line.name}, "address": {line.upstream}})
}

// aim has a line lead to another address.
func (l *proxyContainer) retarget(ctx context.Context, line *route, upstream string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	line.upstream = upstream
	if !l.up {
		return nil
	}
	_, err := l.forward(ctx, line)
	return err
}

// answers returns nil where the part at the line's end accepts connections.
func (l *proxyContainer) dial(ctx context.Context, line *route) error {
	l.mu.Lock()
	upstream := line.upstream
	l.mu.Unlock()
	_, err := l.request(ctx, "answers", url.Values{"address": {upstream}})
	return err
}

// ask asks the links for something, and returns what they answer.
func (l *proxyContainer) request(ctx context.Context, path string, query url.Values) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+l.control+"/"+l.token+"/"+path+"?"+query.Encode(), nil)
	if err != nil {
		return "", err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	said, err := io.ReadAll(io.LimitReader(answer.Body, 1<<10))
	if err == nil && answer.StatusCode >= 300 {
		err = fmt.Errorf("links answer %s", answer.Status)
	}
	return string(said), err
}

// leads reports whether the links are up now.
func (l *proxyContainer) isUp() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.up
}

// lost says that the links lead nowhere until they have settled again.
func (l *proxyContainer) markDown() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.up = false
}

// free gives the addresses back.
func (l *proxyContainer) free() {
	for _, address := range l.ports {
		cleanup.ReleasePort(address)
	}
}

// gate is a part's address: its lines open, close and slow together.
type routes struct {
	proxy  *proxyContainer
	routes []*route // the first with a port on this machine is the address
}

// Address is where this machine reaches the part.
func (g *routes) Address() string {
	for _, line := range g.routes {
		if line.exposure == public {
			return g.proxy.hostAddress(line.port)
		}
	}
	return ""
}

// Open lets connections through.
func (g *routes) Enable() error {
	return g.set(true)
}

// Refuse does nothing: the links cannot turn away some and keep others. What
// comes to a part that is ending it refuses itself.
func (g *routes) Drain() {}

// Shut cuts what there is, and refuses what comes.
func (g *routes) Disable() {
	g.set(false)
}

// Slow delays every answer; 0 ends it.
func (g *routes) SetLatency(delay time.Duration) {
	g.each(func(line *route, leading bool) error {
		late := line.delay > 0
		line.delay = delay
		if !leading {
			return nil
		}
		if late {
			line.proxy.RemoveToxic(lag)
		}
		if delay == 0 {
			return nil
		}
		return line.addLatency()
	})
}

// Close does nothing: the lines go with the links.
func (g *routes) Close() {}

// set opens or closes all lines.
func (g *routes) set(open bool) error {
	return g.each(func(line *route, leading bool) error {
		line.open = open
		switch {
		case !leading:
			return nil
		case open:
			return line.proxy.Enable()
		}
		return line.proxy.Disable()
	})
}

// each changes every line: what is wanted of it, and where the links lead what
// does it too.
func (g *routes) each(change func(line *route, leading bool) error) error {
	g.proxy.mu.Lock()
	defer g.proxy.mu.Unlock()
	var failed error
	for _, line := range g.routes {
		if err := change(line, g.proxy.up && failed == nil); err != nil {
			failed = &labs.Problem{Kind: labs.Sandbox, Say: "The sandbox's links do not answer.", Next: "Open the sandbox again.", Err: fmt.Errorf("link %s: %w", line.name, err)}
		}
	}
	return failed
}
