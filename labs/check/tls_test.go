package check_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cnalab/labs"
	"cnalab/labs/check"
	"cnalab/labs/check/checktest"
)

func init() {
	checktest.Subjects["tls: gets"] = func(c *check.C) { c.Service("gateway").Get("/").Want(http.StatusOK) }
}

// A service that serves TLS is believed where the sandbox's authority has
// signed for it, and nowhere else.
func TestServiceThatServesTLS(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer server.Close()
	own, other := encode(server.Certificate().Raw), encode(selfSigned(t))
	tests := map[string]struct {
		ca, url string
		want    labs.Verdict
		output  string
	}{
		"trusted":               {own, server.URL, labs.Passed, ""},
		"at a name not its own": {own, strings.Replace(server.URL, "127.0.0.1", "localhost", 1), labs.CouldNotCheck, "not localhost"},
		"another authority":     {other, server.URL, labs.CouldNotCheck, "unknown authority"},
		"no certificate":        {"", server.URL, labs.CouldNotCheck, "holds no certificate"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			newStage(t, part{Name: "gateway", State: "running"})
			file := filepath.Join(t.TempDir(), "ca.crt")
			if err := os.WriteFile(file, []byte(test.ca), 0o600); err != nil {
				t.Fatal(err)
			}
			t.Setenv(labs.EnvTLSCA, file)
			t.Setenv(labs.EnvService("gateway"), test.url)
			got := checktest.Result(t, "tls: gets")
			if got.Verdict != test.want || !strings.Contains(got.Output, test.output) {
				t.Errorf("got %+v", got)
			}
		})
	}
}

func encode(certificate []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate}))
}

// selfSigned is a certificate that has signed no other.
func selfSigned(t *testing.T) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{IsCA: true, BasicConstraintsValid: true}, &x509.Certificate{}, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return certificate
}
