// Package kube asks a cluster's API server, over plain HTTPS and JSON, above all
// whether nodes are ready. It knows nothing of what the cluster's nodes run in.
package kube

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
)

// Client talks to one cluster as its administrator.
type Client struct {
	server string
	http   *http.Client
}

// configFile is what is read of a kubeconfig with one cluster and one user.
type configFile struct {
	Clusters []struct {
		Cluster struct {
			Server    string `yaml:"server"`
			Authority string `yaml:"certificate-authority-data"`
		} `yaml:"cluster"`
	} `yaml:"clusters"`
	Users []struct {
		User struct {
			Certificate string `yaml:"client-certificate-data"`
			Key         string `yaml:"client-key-data"`
		} `yaml:"user"`
	} `yaml:"users"`
}

// New reads a kubeconfig. It asks the server nothing yet.
func New(config []byte) (*Client, error) {
	var file configFile
	if err := yaml.Unmarshal(config, &file); err != nil {
		return nil, fmt.Errorf("read kubeconfig: %w", err)
	}
	if len(file.Clusters) != 1 || len(file.Users) != 1 {
		return nil, errors.New("read kubeconfig: it has not one cluster and one user")
	}
	cluster, user := file.Clusters[0].Cluster, file.Users[0].User
	authority, err1 := base64.StdEncoding.DecodeString(cluster.Authority)
	certificate, err2 := base64.StdEncoding.DecodeString(user.Certificate)
	key, err3 := base64.StdEncoding.DecodeString(user.Key)
	pair, err4 := tls.X509KeyPair(certificate, key)
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		return nil, fmt.Errorf("read kubeconfig: %w", err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(authority)
	transport := &http.Transport{ForceAttemptHTTP2: true, IdleConnTimeout: time.Minute, Proxy: nil,
		TLSClientConfig: &tls.Config{RootCAs: roots, Certificates: []tls.Certificate{pair}}}
	return &Client{server: cluster.Server, http: &http.Client{Transport: transport}}, nil
}

// Close gives back the connections.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Get reads what the API server has at a path; out may be nil.
func (c *Client) Get(ctx context.Context, path string, out any) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.server+path, nil)
	if err != nil {
		return err
	}
	return c.do(request, out)
}

// Apply makes the object at a path what the manifest says, as `kubectl apply
// --server-side` does, whoever has set its fields before.
func (c *Client) Apply(ctx context.Context, path string, manifest []byte) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPatch, c.server+path+"?fieldManager=cnalab&force=true", bytes.NewReader(manifest))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/apply-patch+yaml")
	return c.do(request, nil)
}

func (c *Client) do(request *http.Request, out any) error {
	response, err := c.http.Do(request)
	if err != nil {
		return fmt.Errorf("ask the API server: %w", err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return fmt.Errorf("ask the API server: %w", err)
	}
	if response.StatusCode >= 300 {
		var status struct{ Message string }
		json.Unmarshal(answer, &status)
		return fmt.Errorf("%s %s: %d: %s", strings.ToLower(request.Method), request.URL.Path, response.StatusCode, strings.TrimSpace(status.Message))
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(answer, out)
}
