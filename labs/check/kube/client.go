// Package kube lets a check look at the sandbox's cluster, break something in
// it for a while, ask pods through its API server, and run commands in them. It speaks
// HTTPS and JSON by itself: client-go costs seconds a link. It knows nothing of
// what a lab deploys, nor of how the cluster is run.
package kube

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"sync/atomic"
	"time"

	"cnalab/labs"
	"cnalab/labs/check"
)

// timeout bounds one request to the cluster.
const timeout = 10 * time.Second

// retryLimit is how long a request is made again where a busy API server does not
// answer it.
var retryLimit = 40 * time.Second

// silent is set once retryLimit has ended in this run: then other checks need not
// wait as long.
var silent atomic.Bool

// Client asks the API server of the sandbox's cluster. A method that returns no
// error ends the check as could not check where there is no answer, so it
// belongs on the check's own goroutine.
type Client struct {
	c       *check.C
	base    string
	http    *http.Client
	upgrade *http.Client // speaks HTTP/1.1: only that becomes a WebSocket
}

// Open returns the client of the cluster. Where that does not answer, the
// check ends as could not check.
func Open(c *check.C) *Client {
	c.Helper()
	file := os.Getenv(labs.EnvKube)
	if file == "" {
		c.CouldNotCheck(check.Finding{Say: "There is no cluster to check in.", Next: "Open the lab's sandbox, then check again.",
			Output: labs.EnvKube + " is not set"})
	}
	base, tlsConfig, err := readKubeconfig(file)
	c.Must(err, "The file that says how to reach the cluster cannot be read.")
	k := &Client{c: c, base: base, http: &http.Client{Transport: &http.Transport{TLSClientConfig: tlsConfig, ForceAttemptHTTP2: true}},
		upgrade: &http.Client{Transport: &http.Transport{TLSClientConfig: tlsConfig.Clone()}}}
	c.Cleanup(k.http.CloseIdleConnections)
	c.Cleanup(k.upgrade.CloseIdleConnections)
	k.must(k.call(c.Context, http.MethodGet, "/version", nil, nil))
	return k
}

// must ends the check as could not check where the cluster did not do what
// the check asked.
func (k *Client) must(err error) {
	k.c.Helper()
	if err == nil {
		return
	}
	k.c.CouldNotCheck(check.Finding{Say: "The cluster did not answer as it should.",
		Next: "Look at the nodes with kubectl get nodes, and check again when all are Ready.", Output: err.Error()})
}

// apiError is a refusal of the API server.
type apiError struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
	Details struct {
		Causes []struct {
			Reason string `json:"reason"`
		} `json:"causes"`
	} `json:"details"`
}

func (s *apiError) Error() string { return fmt.Sprintf("%d: %s", s.Code, s.Message) }

// notFound reports whether the API server refused because there is no such thing.
func notFound(err error) bool {
	status := new(apiError)
	return errors.As(err, &status) && status.Code == http.StatusNotFound
}

// overBudget reports whether an eviction was refused because of a
// PodDisruptionBudget.
func overBudget(err error) bool {
	status := new(apiError)
	if !errors.As(err, &status) {
		return false
	}
	for _, cause := range status.Details.Causes {
		if cause.Reason == "DisruptionBudget" {
			return true
		}
	}
	return false
}

// call makes a request and decodes the answer into out, which may be nil. body
// is sent as JSON; for PATCH it is a merge patch. What the API server does not
// answer is asked again: each request of this package may be made twice.
func (k *Client) call(ctx context.Context, method, path string, body, out any) error {
	bound := retryLimit
	if silent.Load() {
		bound = min(bound, repeated)
	}
	for begin := time.Now(); ; time.Sleep(pollInterval) {
		err := k.try(ctx, method, path, body, out)
		if err == nil || !unanswered(err) {
			return err
		}
		if ctx.Err() != nil {
			return err
		}
		if time.Since(begin) > bound {
			silent.Store(true)
			return err
		}
	}
}

// unanswered reports whether the API server has neither done nor refused what
// it was asked for.
func unanswered(err error) bool {
	if overBudget(err) {
		return false
	}
	status := new(apiError)
	return !errors.As(err, &status) || status.Code == http.StatusTooManyRequests || status.Code >= http.StatusInternalServerError
}

func (k *Client) try(ctx context.Context, method, path string, body, out any) error {
	answer, err := k.raw(ctx, method, path, body)
	if err != nil {
		return err
	}
	if answer.Status/100 != 2 {
		status := &apiError{}
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

// Answer is what came back through the cluster.
type Answer struct {
	Status int
	Body   []byte
}

func (k *Client) raw(ctx context.Context, method, path string, body any) (Answer, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	var content io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return Answer{}, fmt.Errorf("encode what is sent to the cluster: %w", err)
		}
		content = bytes.NewReader(text)
	}
	req, err := http.NewRequestWithContext(ctx, method, k.base+path, content)
	if err != nil {
		return Answer{}, fmt.Errorf("ask the cluster: %w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	if method == http.MethodPatch {
		req.Header.Set("Content-Type", "application/merge-patch+json")
	}
	return read(k.http, req)
}

// read makes the request and reads the whole answer.
func read(client *http.Client, req *http.Request) (Answer, error) {
	resp, err := client.Do(req)
	if err != nil {
		return Answer{}, fmt.Errorf("ask the cluster: %w", err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 8<<20))
	if err != nil {
		return Answer{}, fmt.Errorf("read the cluster's answer: %w", err)
	}
	return Answer{Status: resp.StatusCode, Body: body}, nil
}
