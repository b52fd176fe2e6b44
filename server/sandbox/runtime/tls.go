package runtime

import (
	"fmt"
	"maps"
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

// issueCertificates makes an authority for the stack and a certificate for
// each service that serves TLS, where there is one. The files are in the
// backend's folder, and go with it.
func (s *Stack) issueCertificates() error {
	if !slices.ContainsFunc(s.programs, func(p placed) bool { return p.TLS }) {
		return nil
	}
	authority, err := ca.New()
	if err != nil {
		return fmt.Errorf("make certificate authority: %w", err)
	}
	folder := filepath.Join(s.Folder(), ".tls") // as no part can be called, which has a folder there too
	if s.caFile, err = writePrivate(folder, "ca.crt", authority.Certificate()); err != nil {
		return err
	}
	s.certificates = map[string]map[string]string{}
	for _, p := range s.programs {
		if !p.TLS {
			continue
		}
		if s.certificates[p.Name], err = p.issueCertificate(authority, filepath.Join(folder, p.Name)); err != nil {
			return fmt.Errorf("issue certificate of %s: %w", p.Name, err)
		}
	}
	return nil
}

// issueCertificate makes a certificate for all the hosts that the service is
// reached at, and its key, and returns their paths by their variables.
func (p placed) issueCertificate(authority *ca.Authority, folder string) (files map[string]string, err error) {
	hosts := []string{p.Name, "localhost", "127.0.0.1"}
	for _, from := range []side{inside, outside} {
		host, _, err := net.SplitHostPort(from(p.workload).At(""))
		if err != nil {
			return nil, err
		}
		if !slices.Contains(hosts, host) {
			hosts = append(hosts, host)
		}
	}
	certificate, key, err := authority.Issue(hosts...)
	if err != nil {
		return nil, err
	}
	files = map[string]string{}
	if files[envTLSCert], err = writePrivate(folder, "tls.crt", certificate); err != nil {
		return nil, err
	}
	files[envTLSKey], err = writePrivate(folder, "tls.key", key)
	return files, err
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

// trusted are the files of who speaks with the parts, by their variables.
func (s *Stack) trusted() map[string]string {
	if s.caFile == "" {
		return nil
	}
	return map[string]string{labs.EnvTLSCA: s.caFile}
}

// files are those that a service can read, by their variables.
func (s *Stack) files(name string) map[string]string {
	all := s.trusted()
	maps.Copy(all, s.certificates[name])
	return all
}
