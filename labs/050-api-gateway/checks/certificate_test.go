//go:build lab

package checks

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// ca signs the certificates of the gateways that checks start.
type ca struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
	roots       *x509.CertPool
	pem         []byte
}

// pair is a certificate with its key, as PEM.
type pair struct{ certificate, key []byte }

var authority = sync.OnceValue(func() ca {
	key := newKey()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "authority of the check"}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign, NotBefore: time.Now().AddDate(-1, 0, 0), NotAfter: time.Now().AddDate(1, 0, 0),
	}
	made := sign(template, template, key, key)
	certificate, err := x509.ParseCertificate(made)
	if err != nil {
		panic(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(certificate)
	return ca{certificate, key, roots, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: made})}
})

// valid is a certificate of today; expired is one of last month.
var (
	valid   = sync.OnceValue(func() pair { return issue(time.Now().Add(24 * time.Hour)) })
	expired = sync.OnceValue(func() pair { return issue(expiredOn()) })
)

// expiredOn is noon of a day last month, which is that day in every time zone but two.
var expiredOn = sync.OnceValue(func() time.Time {
	return time.Now().UTC().AddDate(0, -1, 0).Truncate(24 * time.Hour).Add(12 * time.Hour)
})

func issue(ends time.Time) pair {
	signer, key := authority(), newKey()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(ends.UnixNano()), Subject: pkix.Name{CommonName: "gateway"}, DNSNames: []string{"localhost", "gateway"},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, NotBefore: ends.AddDate(0, -2, 0), NotAfter: ends,
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		panic(err)
	}
	return pair{
		pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: sign(template, signer.certificate, key, signer.key)}),
		pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}),
	}
}

func newKey() *ecdsa.PrivateKey {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	return key
}

func sign(template, parent *x509.Certificate, key, by *ecdsa.PrivateKey) []byte {
	made, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), by)
	if err != nil {
		panic(err)
	}
	return made
}

// files writes the certificate, its key and the authority where a gateway can
// read them.
func (s *shop) files(c pair) (certFile, keyFile, caFile string) {
	s.Helper()
	dir := s.TempDir()
	write := func(name string, content []byte) string {
		path := filepath.Join(dir, name)
		s.Must(os.WriteFile(path, content, 0o600), "The check could not write a certificate.")
		return path
	}
	return write("tls.crt", c.certificate), write("tls.key", c.key), write("ca.crt", authority().pem)
}

// poolOf reads the certificate of an authority.
func poolOf(file string) (*x509.CertPool, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(text) {
		return nil, errors.New(file + " holds no certificate")
	}
	return roots, nil
}
