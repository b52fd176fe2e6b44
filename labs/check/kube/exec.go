package kube

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/coder/websocket"
)

// The streams of a command in a pod: each message begins with the number of its
// stream.
const (
	protocol = "v4.channel.k8s.io"

	stdout = 1
	stderr = 2
	ended  = 3 // how the command ended, as a Status
)

// Exec runs a command in a pod's first container, and returns what it printed. A
// command that fails is an error with what it said of it.
func (k *Client) Exec(namespace, pod string, command ...string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(k.c.Context, timeout)
	defer cancel()
	query := url.Values{"command": command, "stdout": {"true"}, "stderr": {"true"}}
	stream, resp, err := websocket.Dial(ctx, k.base+in(core, namespace, "pods", pod)+"/exec?"+query.Encode(),
		&websocket.DialOptions{HTTPClient: k.upgrade, Subprotocols: []string{protocol}})
	if err != nil {
		return nil, fmt.Errorf("run a command in the pod %s: %w", pod, refused(resp, err))
	}
	defer stream.CloseNow()
	stream.SetReadLimit(8 << 20)
	return output(ctx, stream, pod)
}

// refused is why the API server opened no stream, where it says so.
func refused(resp *http.Response, err error) error {
	if resp == nil || resp.Body == nil {
		return err
	}
	status := &apiError{}
	if json.NewDecoder(resp.Body).Decode(status) != nil || status.Message == "" {
		return err
	}
	return status
}

// output reads what a command prints, until it has ended.
func output(ctx context.Context, stream *websocket.Conn, pod string) ([]byte, error) {
	var printed, complaint bytes.Buffer
	for {
		_, message, err := stream.Read(ctx)
		if err != nil {
			return nil, fmt.Errorf("read what a command in the pod %s prints: %w", pod, err)
		}
		if len(message) == 0 {
			continue
		}
		switch message[0] {
		case stdout:
			printed.Write(message[1:])
		case stderr:
			complaint.Write(message[1:])
		case ended:
			return printed.Bytes(), failure(message[1:], complaint.String())
		}
	}
}

// failure is nil where the command ended with 0.
func failure(status []byte, complaint string) error {
	var how struct{ Status, Message string }
	if err := json.Unmarshal(status, &how); err != nil {
		return fmt.Errorf("read how a command ended: %w", err)
	}
	if how.Status == "Success" {
		return nil
	}
	if complaint = strings.TrimSpace(complaint); complaint != "" {
		return errors.New(complaint)
	}
	return errors.New(how.Message)
}
