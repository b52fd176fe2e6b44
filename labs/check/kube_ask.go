package check

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"cnalab/labs"
)

// AskPod asks a pod for a path, through the API server.
func (k *Kube) AskPod(namespace, pod string, port int, method, path string) (KubeAnswer, error) {
	at := in(core, namespace, "pods", fmt.Sprintf("%s:%d", pod, port)) + "/proxy" + path
	return k.raw(k.c.Context, method, at, nil)
}

// AskService asks one of the pods behind a Service's port for a path, through
// the API server; each time it may be another.
func (k *Kube) AskService(namespace, service string, port int, path string) (KubeAnswer, error) {
	at := in(core, namespace, "services", fmt.Sprintf("%s:%d", service, port)) + "/proxy" + path
	return k.raw(k.c.Context, http.MethodGet, at, nil)
}

// JSON decodes the body; it reports whether it could.
func (a KubeAnswer) JSON(out any) bool { return json.Unmarshal(a.Body, out) == nil }

// String is the answer as a finding shows it.
func (a KubeAnswer) String() string {
	return strings.TrimSpace(fmt.Sprintf("%d %.200s", a.Status, a.Body))
}

// NodePort is a door into the cluster from outside.
type NodePort struct {
	c      *C
	base   string
	client *http.Client
}

// NodePort returns the door that leads to that port of the nodes. Each
// request has a connection of its own, so that each may reach another pod.
func (c *C) NodePort(port int) *NodePort {
	c.Helper()
	name := labs.EnvNodePort(port)
	address := os.Getenv(name)
	if address == "" {
		c.CouldNotCheck(Finding{Say: fmt.Sprintf("There is no way to the port %d of the cluster.", port),
			Next: "Open the lab's sandbox, then check again.", Output: name + " is not set"})
	}
	transport := &http.Transport{DisableKeepAlives: true}
	return &NodePort{c: c, base: "http://" + address, client: &http.Client{Transport: transport, Timeout: kubeAnswering}}
}

// Try makes one request and returns its error. It may be called from any
// goroutine.
func (n *NodePort) Try(ctx context.Context, method, path string, body any) (KubeAnswer, error) {
	text, err := json.Marshal(body)
	if err != nil {
		return KubeAnswer{}, fmt.Errorf("encode body: %w", err)
	}
	var content io.Reader = http.NoBody
	if body != nil {
		content = bytes.NewReader(text)
	}
	req, err := http.NewRequestWithContext(ctx, method, n.base+path, content)
	if err != nil {
		return KubeAnswer{}, fmt.Errorf("make request: %w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	return read(n.client, req)
}

// Get asks for a path until somebody answers, for up to the time within: a
// door may refuse for a second or two after what is behind it has changed.
func (n *NodePort) Get(within time.Duration, path string) (answer KubeAnswer, err error) {
	n.c.Within(within, func() bool {
		answer, err = n.Try(n.c.Context, http.MethodGet, path, nil)
		return err == nil
	})
	return answer, err
}
