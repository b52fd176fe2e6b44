// Package docker lets a check ask the sandbox's Docker engine: it builds images
// from copies of the workspace, starts containers of them, and looks at those
// that the learner has started. It knows nothing of what a Dockerfile should
// say, nor of how the engine is run.
package docker

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"cnalab/labs"
	"cnalab/labs/check"
)

const (
	timeout   = 20 * time.Second // for one question to the engine that needs no work
	mostTries = 3                // where an answer breaks off
)

// Client asks the sandbox's engine. What a check makes there is removed with
// the check. Where the engine does not answer, the check ends as could not
// check, so its methods belong on the check's own goroutine.
type Client struct {
	c    *check.C
	http *http.Client
}

// Open returns the client of the sandbox's engine. It connects with the first
// question. Where no sandbox is open, the check ends as could not check.
func Open(c *check.C) *Client {
	c.Helper()
	u, err := url.Parse(os.Getenv(labs.EnvDocker))
	if err != nil || u.Scheme != "unix" && u.Scheme != "tcp" {
		c.CouldNotCheck(check.Finding{Say: "There is no Docker engine to ask.", Next: "Open the lab's sandbox, then check again."})
	}
	network, address := "unix", u.Path
	if u.Scheme == "tcp" {
		network, address = "tcp", u.Host
	}
	transport := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, network, address)
	}}
	c.Cleanup(transport.CloseIdleConnections)
	return &Client{c: c, http: &http.Client{Transport: transport}}
}

// apiError is the engine's no to one request.
type apiError struct {
	status  int
	message string
}

func (r *apiError) Error() string { return r.message }

// call makes one request and decodes the answer into out, which may be nil.
// The error is the engine's no; where there is no answer, the check ends.
func (d *Client) call(method, path string, body, out any) *apiError {
	d.c.Helper()
	ctx, cancel := context.WithTimeout(d.c.Context, timeout)
	defer cancel()
	for tries := 1; ; tries++ {
		err := d.request(ctx, method, path, body, out)
		if no, ok := errors.AsType[*apiError](err); ok {
			return no
		}
		if err == nil {
			return nil
		}
		if method != http.MethodGet || tries == mostTries { // a question may be put again, an order may have been carried out
			d.answers(err)
		}
		time.Sleep(200 * time.Millisecond)
	}
}

// must is call, where a no says nothing of the learner's work.
func (d *Client) must(method, path string, body, out any) {
	d.c.Helper()
	if no := d.call(method, path, body, out); no != nil {
		d.c.CouldNotCheck(check.Finding{Say: "The Docker engine did not do what the check asked for.", Next: "Check again.",
			Output: fmt.Sprintf("%s %s: %s", method, path, no.message)})
	}
}

// answers ends the check where the engine is gone, or too slow.
func (d *Client) answers(err error) {
	d.c.Helper()
	switch {
	case err == nil:
	case errors.Is(err, context.DeadlineExceeded):
		d.c.CouldNotCheck(check.Finding{Say: "The Docker engine did not answer in time.", Next: "The machine is busy: check again."})
	default:
		d.c.CouldNotCheck(check.Finding{Say: "The Docker engine does not answer.",
			Next: "Start Docker and open the sandbox again; your files are saved.", Output: err.Error()})
	}
}

func (d *Client) request(ctx context.Context, method, path string, body, out any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	answer, err := d.send(ctx, method, path, "application/json", bytes.NewReader(text))
	if err != nil {
		return err
	}
	defer answer.Close()
	if out == nil {
		_, err = io.Copy(io.Discard, answer)
		return err
	}
	return json.NewDecoder(io.LimitReader(answer, 8<<20)).Decode(out)
}

// send makes one request, and returns the body of an answer that is a yes.
func (d *Client) send(ctx context.Context, method, path, kind string, body io.Reader) (io.ReadCloser, error) {
	req, err := http.NewRequestWithContext(ctx, method, "http://docker/v1.41"+path, body)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", kind)
	return d.answered(req)
}

// answered sends the request, and returns the answer's body; a no is an
// apiError.
func (d *Client) answered(req *http.Request) (io.ReadCloser, error) {
	resp, err := d.http.Do(req)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode == http.StatusSwitchingProtocols || resp.StatusCode/100 == 2 || resp.StatusCode == http.StatusNotModified {
		return resp.Body, nil
	}
	defer resp.Body.Close()
	text, _ := io.ReadAll(io.LimitReader(resp.Body, 64<<10))
	var said struct{ Message string }
	if json.Unmarshal(text, &said) != nil || said.Message == "" {
		said.Message = strings.TrimSpace(resp.Status + " " + string(text))
	}
	if resp.StatusCode == http.StatusBadGateway {
		return nil, errors.New(said.Message)
	}
	return nil, &apiError{resp.StatusCode, said.Message}
}

// discard removes what the check has made, when the check is over.
func (d *Client) discard(path string) {
	d.c.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(d.c.Context), timeout)
		defer cancel()
		_ = d.request(ctx, http.MethodDelete, path, nil, nil) // it may be gone, or the engine
	})
}
