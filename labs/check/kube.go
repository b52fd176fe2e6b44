package check

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"cnalab/labs"
)

// kubeAnswering is how long the cluster may take for one answer.
const kubeAnswering = 10 * time.Second

// Kube is the sandbox's cluster, as its API server tells of it.
type Kube struct {
	c      *C
	base   string
	client *http.Client
}

// Kube returns the client of the cluster. Where it does not answer, the check
// ends as could not check.
func (c *C) Kube() *Kube {
	c.Helper()
	file := os.Getenv(labs.EnvKube)
	if file == "" {
		c.CouldNotCheck(Finding{Say: "There is no cluster to check in.", Next: "Open the lab's sandbox, then check again.",
			Output: labs.EnvKube + " is not set"})
	}
	base, client, err := readKubeconfig(file)
	c.Must(err, "The file that says how to reach the cluster cannot be read.")
	k := &Kube{c: c, base: base, client: client}
	c.Cleanup(client.CloseIdleConnections)
	k.must(k.call(c.Context, http.MethodGet, "/version", nil, nil))
	return k
}

// must ends the check as could not check where the cluster did not do what
// the check asked.
func (k *Kube) must(err error) {
	k.c.Helper()
	if err == nil {
		return
	}
	k.c.CouldNotCheck(Finding{Say: "The cluster did not answer as it should.",
		Next: "Look at the nodes with kubectl get nodes, and check again when all are Ready.", Output: err.Error()})
}

// kubeStatus is a refusal of the API server.
type kubeStatus struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
}

func (s *kubeStatus) Error() string { return fmt.Sprintf("%d: %s", s.Code, s.Message) }

// missing reports whether the API server refused because there is no such thing.
func missing(err error) bool {
	status := new(kubeStatus)
	return errors.As(err, &status) && status.Code == http.StatusNotFound
}

// call makes one request and decodes the answer into out, which may be nil.
// body is sent as JSON; for PATCH it is a merge patch.
func (k *Kube) call(ctx context.Context, method, path string, body, out any) error {
	answer, err := k.raw(ctx, method, path, body)
	if err != nil {
		return err
	}
	if answer.Status/100 != 2 {
		status := &kubeStatus{}
		if json.Unmarshal(answer.Body, status) != nil || status.Message == "" {
			status.Message = fmt.Sprintf("%.200s", answer.Body)
		}
		status.Code = answer.Status
		return fmt.Errorf("%s %s: %w", method, path, status)
	}
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(answer.Body, out); err != nil {
		return fmt.Errorf("read the answer to %s %s: %w", method, path, err)
	}
	return nil
}

// KubeAnswer is what came back through the cluster.
type KubeAnswer struct {
	Status int
	Body   []byte
}

func (k *Kube) raw(ctx context.Context, method, path string, body any) (KubeAnswer, error) {
	ctx, cancel := context.WithTimeout(ctx, kubeAnswering)
	defer cancel()
	var content io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return KubeAnswer{}, fmt.Errorf("encode what is sent to the cluster: %w", err)
		}
		content = bytes.NewReader(text)
	}
	req, err := http.NewRequestWithContext(ctx, method, k.base+path, content)
	if err != nil {
		return KubeAnswer{}, fmt.Errorf("ask the cluster: %w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	if method == http.MethodPatch {
		req.Header.Set("Content-Type", "application/merge-patch+json")
	}
	return read(k.client, req)
}

// read makes the request and reads the whole answer.
func read(client *http.Client, req *http.Request) (KubeAnswer, error) {
	resp, err := client.Do(req)
	if err != nil {
		return KubeAnswer{}, fmt.Errorf("ask the cluster: %w", err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 8<<20))
	if err != nil {
		return KubeAnswer{}, fmt.Errorf("read the cluster's answer: %w", err)
	}
	return KubeAnswer{Status: resp.StatusCode, Body: body}, nil
}
