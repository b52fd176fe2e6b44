package kube

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"os"

	"github.com/goccy/go-yaml"
)

// kubeconfig is what checks read of the file that kubectl reads too. A
// client certificate is all that the sandbox's clusters want; the rest of
// what such a file can hold is not for them.
type kubeconfig struct {
	Current  string `yaml:"current-context"`
	Contexts []struct {
		Name    string
		Context struct{ Cluster, User string }
	}
	Clusters []struct {
		Name    string
		Cluster struct {
			Server    string
			Authority string `yaml:"certificate-authority-data"`
		}
	}
	Users []struct {
		Name string
		User struct {
			Certificate string `yaml:"client-certificate-data"`
			Key         string `yaml:"client-key-data"`
		}
	}
}

// readKubeconfig returns the API server's address, and what a client that it
// trusts says of itself.
func readKubeconfig(file string) (server string, client *tls.Config, err error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return "", nil, fmt.Errorf("read the kubeconfig: %w", err)
	}
	var config kubeconfig
	if err := yaml.Unmarshal(text, &config); err != nil {
		return "", nil, fmt.Errorf("read the kubeconfig: %w", err)
	}
	return config.client()
}

func (k kubeconfig) client() (string, *tls.Config, error) {
	cluster, user, ok := k.current()
	if !ok {
		return "", nil, fmt.Errorf("the kubeconfig has no context %q", k.Current)
	}
	tlsConfig := &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: x509.NewCertPool()}
	server := ""
	for _, c := range k.Clusters {
		if c.Name != cluster {
			continue
		}
		authority, err := base64.StdEncoding.DecodeString(c.Cluster.Authority)
		if err != nil || !tlsConfig.RootCAs.AppendCertsFromPEM(authority) {
			return "", nil, errors.New("the kubeconfig's certificate-authority-data is no certificate")
		}
		server = c.Cluster.Server
	}
	for _, u := range k.Users {
		if u.Name != user {
			continue
		}
		pair, err := keyPair(u.User.Certificate, u.User.Key)
		if err != nil {
			return "", nil, err
		}
		tlsConfig.Certificates = []tls.Certificate{pair}
	}
	if server == "" {
		return "", nil, fmt.Errorf("the kubeconfig has no cluster %q", cluster)
	}
	return server, tlsConfig, nil
}

func (k kubeconfig) current() (cluster, user string, ok bool) {
	for _, c := range k.Contexts {
		if c.Name == k.Current {
			return c.Context.Cluster, c.Context.User, true
		}
	}
	return "", "", false
}

func keyPair(certificate, key string) (tls.Certificate, error) {
	cert, err1 := base64.StdEncoding.DecodeString(certificate)
	private, err2 := base64.StdEncoding.DecodeString(key)
	if err := errors.Join(err1, err2); err != nil {
		return tls.Certificate{}, fmt.Errorf("read the kubeconfig's client certificate: %w", err)
	}
	pair, err := tls.X509KeyPair(cert, private)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("read the kubeconfig's client certificate: %w", err)
	}
	return pair, nil
}
