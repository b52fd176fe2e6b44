package runtime

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"

	"cnalab/labs"
	"cnalab/server/sandbox/ca"
)

// What a service that serves TLS is told beside labs.EnvTLSCA: the paths of its
// certificate and of its key.
const (
	envTLSCert = "TLS_CERT_FILE"
	envTLSKey  = "TLS_KEY_FILE"
)

// issueCertificates makes an authority for the sandbox and a certificate for
// each service that serves TLS, where there is one. The files are in the
// backend's folder, and go with it.
func (b *Sandbox) issueCertificates() error {
	if !slices.ContainsFunc(b.services, func(w *service) bool { return w.definition.TLS }) {
		return nil
	}
	authority, err := ca.New()
	if err != nil {
		return fmt.Errorf("make certificate authority: %w", err)
	}
	folder := filepath.Join(b.stack.Folder(), ".tls") // as no part can be called, which has a folder there too
	if b.caFile, err = writePrivate(folder, "ca.crt", authority.Certificate()); err != nil {
		return err
	}
	for _, w := range b.services {
		w.files = b.trusted()
		if !w.definition.TLS {
			continue
		}
		if err := w.issueCertificate(authority, filepath.Join(folder, w.name)); err != nil {
			return fmt.Errorf("issue certificate of %s: %w", w.name, err)
		}
	}
	return nil
}

// issueCertificate has the service know a certificate for all the hosts that it
// is reached at, and its key.
func (w *service) issueCertificate(authority *ca.Authority, folder string) error {
	hosts := []string{w.name, "localhost", "127.0.0.1"}
	for _, from := range []side{inside, outside} {
		host, _, err := net.SplitHostPort(from(w.workload).At(""))
		if err != nil {
			return err
		}
		if !slices.Contains(hosts, host) {
			hosts = append(hosts, host)
		}
	}
	certificate, key, err := authority.Issue(hosts...)
	if err != nil {
		return err
	}
	if w.files[envTLSCert], err = writePrivate(folder, "tls.crt", certificate); err != nil {
		return err
	}
	w.files[envTLSKey], err = writePrivate(folder, "tls.key", key)
	return err
}

// writePrivate writes a file that our own account alone can read, which is the
// one that runs the services, the checks and the terminals.
func writePrivate(folder, name string, content []byte) (path string, err error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", fmt.Errorf("make folder of certificates: %w", err)
	}
	path = filepath.Join(folder, name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		return "", fmt.Errorf("write %s: %w", name, err)
	}
	return path, nil
}

// trusted are the files of who speaks with the parts and is none, by their
// variables.
func (b *Sandbox) trusted() map[string]string {
	if b.caFile == "" {
		return nil
	}
	return map[string]string{labs.EnvTLSCA: b.caFile}
}
