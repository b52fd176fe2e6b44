package ca

import (
	"crypto/tls"
	"crypto/x509"
	"testing"
	"time"
)

// issue makes an authority, those who trust it, and a certificate of its.
func issue(t *testing.T, hosts ...string) (*x509.CertPool, *x509.Certificate) {
	t.Helper()
	authority, err := New()
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(authority.Certificate()) {
		t.Fatal("the authority's certificate is no PEM")
	}
	certificate, key, err := authority.Issue(hosts...)
	if err != nil {
		t.Fatal(err)
	}
	pair, err := tls.X509KeyPair(certificate, key)
	if err != nil {
		t.Fatal(err)
	}
	return roots, pair.Leaf
}

func TestIssue(t *testing.T) {
	roots, leaf := issue(t, "gateway", "localhost", "127.0.0.1")
	for _, host := range []string{"gateway", "localhost", "127.0.0.1"} {
		if _, err := leaf.Verify(x509.VerifyOptions{Roots: roots, DNSName: host}); err != nil {
			t.Errorf("%s: %v", host, err)
		}
	}
	for _, host := range []string{"order", "127.0.0.2"} {
		if _, err := leaf.Verify(x509.VerifyOptions{Roots: roots, DNSName: host}); err == nil {
			t.Errorf("it is good for %s", host)
		}
	}
	for _, late := range []time.Duration{-2 * clockSkew, 2 * lifetime} {
		if _, err := leaf.Verify(x509.VerifyOptions{Roots: roots, CurrentTime: time.Now().Add(late)}); err == nil {
			t.Errorf("it is good %v from now", late)
		}
	}
	if leaf.IsCA {
		t.Error("it can sign others")
	}
}

func TestAuthoritiesTrustTheirOwnAlone(t *testing.T) {
	_, leaf := issue(t, "gateway")
	others, _ := issue(t, "gateway")
	if _, err := leaf.Verify(x509.VerifyOptions{Roots: others}); err == nil {
		t.Error("another authority's certificate is trusted")
	}
}
