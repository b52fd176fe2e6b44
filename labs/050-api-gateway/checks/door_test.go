//go:build lab

package checks

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"cnalab/labs"
	"cnalab/labs/check"
	"cnalab/labs/check/proc"
)

// The secret of the gateways that checks start, and how long their backends
// ask to stay.
const (
	token    = "a-secret-of-the-check"
	longTerm = 20 * time.Second
)

// door is a gateway, seen by a client.
type door struct {
	s       *shop
	base    string
	client  *http.Client
	program *proc.Running // nil for that of the sandbox
}

// sandbox is the gateway of the sandbox.
func (s *shop) sandbox() *door {
	s.Helper()
	s.Service("gateway") // says what is wrong with it
	roots, err := poolOf(os.Getenv(labs.EnvTLSCA))
	s.Must(err, "The certificate of the sandbox's authority cannot be read.")
	return &door{s: s, base: strings.TrimSuffix(os.Getenv(labs.EnvService("gateway")), "/"), client: s.client(&tls.Config{RootCAs: roots}, false)}
}

// client is one that follows no redirects and speaks HTTP/1.1, or HTTP/2 where it can.
func (s *shop) client(config *tls.Config, second bool) *http.Client {
	transport := &http.Transport{TLSClientConfig: config, MaxIdleConnsPerHost: 64, DisableCompression: true, ForceAttemptHTTP2: second}
	s.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// door starts a gateway before the backends. It is told of them as the sandbox
// tells of services; where it has a registry, they register.
func (s *shop) door(backends ...*backend) *door {
	s.Helper()
	d := s.unregistered(backends...)
	for _, b := range backends {
		d.keep(b)
	}
	return d
}

// unregistered is a door whose backends do not register.
func (s *shop) unregistered(backends ...*backend) *door {
	s.Helper()
	var last *proc.Running
	for range 3 { // somebody else may take the port that was free
		d := s.start(valid(), backends...)
		last = d.program
		if s.Within(20*time.Second, func() bool { return d.over() || d.greets() }) && !d.over() {
			return d
		}
	}
	s.Alive("gateway")
	s.CouldNotCheck(check.Finding{
		Say: "The check could not start a gateway of its own.", Next: "Read what it printed, then check again.", Output: last.Output(),
	})
	return nil
}

// start starts a gateway with the certificate, which may not come up.
func (s *shop) start(c pair, backends ...*backend) *door {
	s.Helper()
	s.Service("gateway")
	address := s.FreeAddress()
	certFile, keyFile, caFile := s.files(c)
	env := []string{
		"SERVICE=gateway", "ADDR=" + address, "SERVICE_GATEWAY=https://" + address, "REGISTRY_TOKEN=" + token,
		"TLS_CERT_FILE=" + certFile, "TLS_KEY_FILE=" + keyFile, labs.EnvTLSCA + "=" + caFile,
	}
	for _, service := range []string{"order", "product", "delivery"} {
		var list []string
		for _, b := range backends {
			if b.service == service {
				list = append(list, b.url())
				env = append(env, labs.EnvService(b.name)+"="+b.url())
			}
		}
		if len(list) == 0 { // nobody listens on the port of a closed listener
			list = []string{"http://" + s.FreeAddress()}
		}
		env = append(env, labs.EnvService(service)+"="+strings.Join(list, ","))
	}
	program := proc.BuildService(s.C, "gateway").Start(proc.Call{Env: env, Reads: []string{certFile, keyFile, caFile}})
	return &door{s: s, base: "https://" + address, client: s.client(&tls.Config{RootCAs: authority().roots}, false), program: program}
}

func (d *door) over() bool {
	_, over := d.program.Exit()
	return over
}

// greets reports whether the gateway answers at all.
func (d *door) greets() bool {
	ctx, cancel := context.WithTimeout(d.s.Context, 2*time.Second)
	defer cancel()
	_, err := d.send(ctx, http.MethodGet, "/", nil, "")
	return err == nil
}

// output is what the gateway has printed.
func (d *door) output() string {
	if d.program == nil {
		return d.s.LogSince("gateway")
	}
	return d.program.Output()
}

// reply is what a client gets.
type reply struct {
	status int
	proto  string
	header http.Header
	body   []byte
}

func (r *reply) instance() string { return r.header.Get("Instance") }

func (r *reply) String() string {
	if r == nil {
		return "no answer"
	}
	return strings.TrimSpace(fmt.Sprintf("%d %.150s", r.status, r.body))
}

// json decodes the body, and reports whether it is JSON.
func (r *reply) json(out any) bool { return json.Unmarshal(r.body, out) == nil }

// send makes one request. It may be called from any goroutine.
func (d *door) send(ctx context.Context, method, path string, header http.Header, body string) (*reply, error) {
	var content io.Reader
	if body != "" {
		content = bytes.NewReader([]byte(body))
	}
	r, err := http.NewRequestWithContext(ctx, method, d.base+path, content)
	if err != nil {
		return nil, err
	}
	if header != nil {
		r.Header = header.Clone()
	}
	response, err := d.client.Do(r)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(io.LimitReader(response.Body, 8<<20))
	if err != nil {
		return nil, err
	}
	return &reply{response.StatusCode, response.Proto, response.Header, text}, nil
}

// try makes one request, and returns nil where no answer comes within 10 s.
func (d *door) try(method, path string, header http.Header, body string) *reply {
	ctx, cancel := context.WithTimeout(d.s.Context, 10*time.Second)
	defer cancel()
	got, err := d.send(ctx, method, path, header, body)
	if err != nil {
		return nil
	}
	return got
}

// ask is try, and ends the check where no answer comes.
func (d *door) ask(method, path string, header http.Header, body string) *reply {
	d.s.Helper()
	got := d.try(method, path, header, body)
	if got == nil {
		if d.program != nil {
			d.program.Sound() // a panic says more
		}
		d.s.NotYet(check.Finding{
			Say: fmt.Sprintf("The gateway does not answer %s %s.", method, path), Got: "no answer within 10 s", Want: "an answer, even an error",
			At: "gateway/routes.go", Next: "Read what the gateway printed: it may have panicked, or wait for something without a deadline.", Output: d.output(),
		})
	}
	return got
}

func (d *door) get(path string) *reply {
	d.s.Helper()
	return d.ask(http.MethodGet, path, nil, "")
}

// notYet ends the check with what the gateway printed.
func (d *door) notYet(f check.Finding) {
	d.s.Helper()
	if f.Output == "" {
		f.Output = d.output()
	}
	d.s.NotYet(f)
}

// eventually looks again and again until there is nothing to say.
func (d *door) eventually(within time.Duration, look func() *check.Finding) {
	d.s.Helper()
	var finding *check.Finding
	if !d.s.Within(within, func() bool { finding = look(); return finding == nil }) {
		d.notYet(*finding)
	}
}

// register asks the gateway for a lease, and returns its answer.
func (d *door) register(service, name, url string, lease time.Duration, secret string) *reply {
	return d.try(http.MethodPut, "/registry/"+service+"/"+name, bearer(secret), fmt.Sprintf(`{"url": %q, "lease_ms": %d}`, url, lease.Milliseconds()))
}

func bearer(secret string) http.Header {
	header := http.Header{"Content-Type": {"application/json"}}
	if secret != "" {
		header.Set("Authorization", "Bearer "+secret)
	}
	return header
}

// accepts registers the backend, and ends the check where it is not accepted.
func (d *door) accepts(b *backend, lease time.Duration) {
	d.s.Helper()
	got := d.register(b.service, b.name, b.url(), lease, token)
	if got == nil || got.status != http.StatusNoContent {
		d.notYet(check.Finding{
			Say: "The gateway does not accept a registration that is as it should be.", Got: got, Want: "204",
			At: "gateway/registry.go", Next: "Answer PUT /registry/SERVICE/INSTANCE with the token and an address that answers /health.",
		})
	}
}

// leaves takes the backend out.
func (d *door) leaves(b *backend, secret string) *reply {
	return d.try(http.MethodDelete, "/registry/"+b.service+"/"+b.name, bearer(secret), "")
}

// keep registers the backend for as long as the check runs, where the gateway
// has a registry. One that is dead does not renew its lease.
func (d *door) keep(b *backend) {
	if got := d.register(b.service, b.name, b.url(), longTerm, token); got == nil || got.status/100 != 2 {
		return
	}
	var renewing sync.WaitGroup
	ctx, cancel := context.WithCancel(d.s.Context)
	d.s.Cleanup(func() { cancel(); renewing.Wait() })
	renewing.Go(func() {
		for tick := time.NewTicker(time.Second); ; {
			select {
			case <-ctx.Done():
				tick.Stop()
				return
			case <-tick.C:
				if b.alive() {
					_, _ = d.send(ctx, http.MethodPut, "/registry/"+b.service+"/"+b.name, bearer(token), fmt.Sprintf(`{"url": %q, "lease_ms": %d}`, b.url(), longTerm.Milliseconds()))
				}
			}
		}
	})
}
