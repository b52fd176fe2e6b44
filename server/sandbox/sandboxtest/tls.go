package sandboxtest

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net/http"
	"net/url"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"cnalab/labs"
	"cnalab/server/sandbox"
)

// testTLS opens a lab with a service that serves TLS, and one that calls it.
func (o Options) testTLS(t *testing.T) {
	gateway := Service("gateway", "")
	gateway.TLS = true
	order := Service("order", "")
	order.Env = map[string]string{"GREETING": "hello", "SERVICE": "nobody"}
	s, _ := o.openLab(t, Lab(gateway, order))
	t.Run("it is told of as https, and a plain one as http", func(t *testing.T) {
		for service, want := range map[string]string{"gateway": "https", "order": "http"} {
			if u, err := url.Parse(s.env(labs.EnvService(service))); err != nil || u.Scheme != want {
				t.Errorf("%s is at %v, %v; want %s", service, u, err, want)
			}
		}
	})
	t.Run("a service is told of itself, and of what lab.yaml says", func(t *testing.T) {
		s := s.at(t)
		s.says("order", "/env?name=GREETING", "hello")
		s.says("order", "/env?name=SERVICE", "order") // the sandbox's own goes before it
		if own, err := s.get("order", "/env?name="+labs.EnvService("order")); err != nil || !strings.HasPrefix(own, "http://") {
			t.Errorf("order is told that it is at %q, %v", own, err)
		}
	})
	t.Run("who trusts the sandbox's authority reaches it, and nobody else", func(t *testing.T) { s.at(t).trust() })
	t.Run("it is known by its name and by this machine's", func(t *testing.T) { s.at(t).hosts() })
	t.Run("another service reaches it", func(t *testing.T) { s.at(t).says("order", "/gateway", "gateway") })
	t.Run("its key is its own", func(t *testing.T) {
		s := s.at(t)
		s.says("order", "/env?name=TLS_KEY_FILE", "")
		if mode, err := s.getTLS("/mode"); runtime.GOOS != "windows" && (err != nil || mode != "-rw-------") {
			t.Errorf("the key's mode is %q, %v", mode, err)
		}
	})
	t.Run("a shell inside reaches it", func(t *testing.T) {
		if !o.Has.Inside {
			return
		}
		if printed := Inside(t, s, "curl -s --cacert $TLS_CA_FILE $SERVICE_GATEWAY; echo , and no more"); !strings.Contains(printed, "gateway, and no more") {
			t.Errorf("it printed:\n%s", printed)
		}
	})
	t.Run("it is the same after a restart", func(t *testing.T) {
		s := s.at(t)
		if err := s.Fault(t.Context(), "gateway", sandbox.Fault{Kind: labs.Restart}); err != nil {
			t.Fatal(err)
		}
		if got, err := s.getTLS("/"); err != nil || got != "gateway" {
			t.Errorf("it answers %q, %v", got, err)
		}
	})
	file := s.env(labs.EnvTLSCA)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(file); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the authority's certificate is there when the sandbox is closed: %v", err)
	}
}

// trust reaches the gateway with the sandbox's authority, and not with the
// system's.
func (s *opened) trust() {
	if got, err := s.getTLS("/"); err != nil || got != "gateway" {
		s.Errorf("it answers %q, %v", got, err)
	}
	_, err := s.get("gateway", "/")
	if _, unknown := errors.AsType[x509.UnknownAuthorityError](err); !unknown {
		s.Errorf("who trusts the system's authorities alone: %v", err)
	}
}

// hosts shakes hands with the gateway by all its names, and one that it has not.
func (s *opened) hosts() {
	u, err := url.Parse(s.env(labs.EnvService("gateway")))
	if err != nil {
		s.Fatal(err)
	}
	for host, known := range map[string]bool{"gateway": true, "localhost": true, "127.0.0.1": true, "order": false} {
		conn, err := tls.Dial("tcp", u.Host, &tls.Config{RootCAs: s.authority(), ServerName: host})
		if err == nil {
			conn.Close()
		}
		if known != (err == nil) {
			s.Errorf("known as %s: %v", host, err)
		}
	}
}

// getTLS asks the gateway, trusting the sandbox's authority.
func (s *opened) getTLS(path string) (string, error) {
	s.Helper()
	transport := &http.Transport{DisableKeepAlives: true, TLSClientConfig: &tls.Config{RootCAs: s.authority()}}
	return s.ask(&http.Client{Timeout: 2 * time.Second, Transport: transport}, "gateway", path)
}

// authority is the sandbox's own.
func (s *opened) authority() *x509.CertPool {
	s.Helper()
	text, err := os.ReadFile(s.env(labs.EnvTLSCA))
	if err != nil {
		s.Fatal(err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(text) {
		s.Fatalf("%s is no certificate", text)
	}
	return roots
}
