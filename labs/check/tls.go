package check

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net/http"
	"os"
	"strings"

	"cnalab/labs"
)

// client speaks with the service at the URL. One that serves TLS has to show a
// certificate of the sandbox's own authority; no other is trusted.
func (c *C) client(url string) *http.Client {
	c.Helper()
	if !strings.HasPrefix(url, "https://") {
		return http.DefaultClient
	}
	roots, err := authority(os.Getenv(labs.EnvTLSCA))
	c.Must(err, "The certificate of the sandbox's authority cannot be read.")
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.TLSClientConfig = &tls.Config{RootCAs: roots}
	c.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

// authority reads the certificate of who is to be trusted.
func authority(file string) (*x509.CertPool, error) {
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
