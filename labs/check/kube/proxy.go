package kube

import (
	"encoding/json"
	"fmt"
	"strings"
)

// AskPod asks a pod for a path, through the API server.
func (k *Client) AskPod(namespace, pod string, port int, method, path string) (Answer, error) {
	at := in(core, namespace, "pods", fmt.Sprintf("%s:%d", pod, port)) + "/proxy" + path
	return k.raw(k.c.Context, method, at, nil)
}

// JSON decodes the body; it reports whether it could.
func (a Answer) JSON(out any) bool { return json.Unmarshal(a.Body, out) == nil }

// String is the answer as a finding shows it.
func (a Answer) String() string {
	return strings.TrimSpace(fmt.Sprintf("%d %.200s", a.Status, a.Body))
}
