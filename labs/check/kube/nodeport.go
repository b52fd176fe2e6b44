package kube

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"cnalab/labs"
	"cnalab/labs/check"
)

// NodePort is a port of the nodes, which leads into the cluster from outside.
type NodePort struct {
	c    *check.C
	base string
	http *http.Client
}

// OpenNodePort returns the client of that port of the nodes. Each request has a
// connection of its own, so that each may reach another pod.
func OpenNodePort(c *check.C, port int) *NodePort {
	c.Helper()
	name := labs.EnvNodePort(port)
	address := os.Getenv(name)
	if address == "" {
		c.CouldNotCheck(check.Finding{Say: fmt.Sprintf("There is no way to the port %d of the cluster.", port),
			Next: "Open the lab's sandbox, then check again.", Output: name + " is not set"})
	}
	transport := &http.Transport{DisableKeepAlives: true}
	return &NodePort{c: c, base: "http://" + address, http: &http.Client{Transport: transport, Timeout: timeout}}
}

// Try makes one request and returns its error. It may be called from any
// goroutine.
func (n *NodePort) Try(ctx context.Context, method, path string, body any) (Answer, error) {
	text, err := json.Marshal(body)
	if err != nil {
		return Answer{}, fmt.Errorf("encode body: %w", err)
	}
	var content io.Reader = http.NoBody
	if body != nil {
		content = bytes.NewReader(text)
	}
	req, err := http.NewRequestWithContext(ctx, method, n.base+path, content)
	if err != nil {
		return Answer{}, fmt.Errorf("make request: %w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	return read(n.http, req)
}

// Get asks for a path until somebody answers, for up to the time within: a
// node port may refuse for a second or two after the pods behind it changed.
func (n *NodePort) Get(within time.Duration, path string) (answer Answer, err error) {
	n.c.Within(within, func() bool {
		answer, err = n.Try(n.c.Context, http.MethodGet, path, nil)
		return err == nil
	})
	return answer, err
}
