package kube

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// cluster is an API server with two kinds of things, held as their JSON by path.
type cluster struct {
	mu     sync.Mutex
	things map[string]map[string]any
	gone   []string // what was deleted, in order
}

func newCluster(t *testing.T) (*cluster, *Client) {
	t.Helper()
	c := &cluster{things: map[string]map[string]any{}}
	server := httptest.NewServer(c)
	t.Cleanup(server.Close)
	return c, &Client{server: server.URL, http: server.Client()}
}

func (c *cluster) put(t *testing.T, path, text string) {
	t.Helper()
	var thing map[string]any
	if err := json.Unmarshal([]byte(text), &thing); err != nil {
		t.Fatal(err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.things[path] = thing
}

func (c *cluster) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	verbs := []string{"list", "delete"}
	switch {
	case r.URL.Path == "/apis":
		json.NewEncoder(w).Encode(map[string]any{"groups": []any{}})
	case r.URL.Path == "/api/v1":
		json.NewEncoder(w).Encode(map[string]any{"resources": []any{
			map[string]any{"name": "nodes", "verbs": verbs}, map[string]any{"name": "namespaces", "verbs": verbs},
			map[string]any{"name": "events", "namespaced": true, "verbs": verbs},
			map[string]any{"name": "pods", "namespaced": true, "verbs": verbs}, map[string]any{"name": "pods/status", "verbs": []string{"get"}},
			map[string]any{"name": "configmaps", "namespaced": true, "verbs": verbs}}})
	case r.Method == http.MethodDelete:
		c.gone = append(c.gone, r.URL.Path)
		for path := range c.things {
			if path == r.URL.Path || strings.HasPrefix(path, r.URL.Path+"/") {
				delete(c.things, path)
			}
		}
	case r.Method == http.MethodPatch:
		var patch map[string]any
		json.NewDecoder(r.Body).Decode(&patch)
		merge(c.things[r.URL.Path], patch)
	case c.things[r.URL.Path] != nil:
		json.NewEncoder(w).Encode(c.things[r.URL.Path])
	default:
		c.list(w, r.URL.Path)
	}
}

func (c *cluster) list(w http.ResponseWriter, path string) {
	kind := strings.TrimPrefix(path, "/api/v1/")
	items := []any{}
	for at, thing := range c.things {
		parts := strings.Split(at, "/")
		if parts[len(parts)-2] == kind {
			items = append(items, thing)
		}
	}
	json.NewEncoder(w).Encode(map[string]any{"items": items})
}

// merge is RFC 7386.
func merge(into, patch map[string]any) {
	for key, value := range patch {
		inner, isMap := value.(map[string]any)
		old, hasMap := into[key].(map[string]any)
		switch {
		case value == nil:
			delete(into, key)
		case isMap && hasMap:
			merge(old, inner)
		default:
			into[key] = value
		}
	}
}

const (
	nodePath = "/api/v1/nodes/one"
	node1    = `{"metadata": {"name": "one", "labels": {"os": "linux"}}, "spec": {"taints": [
		{"key": "node.kubernetes.io/not-ready"}, {"key": "node-role.kubernetes.io/control-plane"}]}}`
	node2 = `{"metadata": {"name": "one", "labels": {"tier": "front"}}, "spec": {"unschedulable": true, "taints": [
		{"key": "node.kubernetes.io/unschedulable"}, {"key": "mine"}]}}`
	system = `{"metadata": {"name": "coredns", "namespace": "kube-system"}, "data": {"a": "b"}}`
)

// taken is a cluster whose inventory has been taken while its node was just
// about to be ready.
func taken(t *testing.T) (*cluster, *Client, Inventory) {
	t.Helper()
	c, client := newCluster(t)
	c.put(t, nodePath, node1)
	c.put(t, "/api/v1/namespaces/default", `{"metadata": {"name": "default"}}`)
	c.put(t, "/api/v1/namespaces/kube-system/configmaps/coredns", system)
	was, err := client.Take(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return c, client, was
}

func TestClean(t *testing.T) {
	c, client, was := taken(t)
	c.put(t, nodePath, node2)
	c.put(t, "/api/v1/namespaces/shop", `{"metadata": {"name": "shop"}}`)
	c.put(t, "/api/v1/namespaces/shop/configmaps/mine", `{"metadata": {"name": "mine", "namespace": "shop"}}`)
	c.put(t, "/api/v1/namespaces/default/configmaps/mine", `{"metadata": {"name": "mine", "namespace": "default"}}`)
	c.put(t, "/api/v1/namespaces/default/pods/web", `{"metadata": {"name": "web", "namespace": "default", "ownerReferences": [{"kind": "ReplicaSet"}]}}`)
	c.put(t, "/api/v1/namespaces/kube-system/pods/dns-2", `{"metadata": {"name": "dns-2", "namespace": "kube-system", "ownerReferences": [{"kind": "ReplicaSet"}]}}`)
	c.put(t, "/api/v1/namespaces/shop/events/e", `{"metadata": {"name": "e", "namespace": "shop"}}`)
	if err := client.Clean(t.Context(), was); err != nil {
		t.Fatal(err)
	}
	want := []string{"/api/v1/namespaces/shop", "/api/v1/namespaces/default/configmaps/mine", "/api/v1/namespaces/default/pods/web"}
	if diff := cmp.Diff(want, c.gone); diff != "" {
		t.Errorf("deleted (-want +got):\n%s", diff)
	}
	node := c.things[nodePath]
	if node["spec"].(map[string]any)["unschedulable"] != nil || content(node) != was[nodePath].content {
		t.Errorf("the node is %v", node)
	}
}

func TestCleanRefuses(t *testing.T) {
	for name, spoil := range map[string]func(*testing.T, *cluster){
		"what the cluster had was changed": func(t *testing.T, c *cluster) {
			c.put(t, "/api/v1/namespaces/kube-system/configmaps/coredns", strings.Replace(system, `"b"`, `"c"`, 1))
		},
		"what the cluster had is gone": func(t *testing.T, c *cluster) {
			delete(c.things, "/api/v1/namespaces/kube-system/configmaps/coredns")
		},
		"a node is gone": func(t *testing.T, c *cluster) { delete(c.things, nodePath) },
	} {
		t.Run(name, func(t *testing.T) {
			c, client, was := taken(t)
			spoil(t, c)
			if err := client.Clean(t.Context(), was); err == nil {
				t.Error("it is as good as new")
			}
		})
	}
}

func TestCleanGivesUp(t *testing.T) {
	_, client, was := taken(t)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	client.server = "http://127.0.0.1:1" // nobody is there
	if err := client.Clean(ctx, was); err == nil {
		t.Error("a cluster that does not answer is clean")
	}
}

func TestReady(t *testing.T) {
	c, client := newCluster(t)
	started := time.Date(2026, 11, 27, 22, 0, 10, 500, time.UTC)
	for _, test := range []struct {
		name, status, at string
		ready            bool
	}{
		{"ready since its start", "True", "2026-11-27T22:00:10Z", true},
		{"ready before its start", "True", "2026-11-27T22:00:09Z", false},
		{"not ready", "False", "2026-11-27T22:00:20Z", false},
		{"not heard of", "Unknown", "2026-11-27T22:00:20Z", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			c.put(t, nodePath, `{"status": {"conditions": [{"type": "DiskPressure", "status": "False"},
				{"type": "Ready", "status": "`+test.status+`", "lastHeartbeatTime": "`+test.at+`"}]}}`)
			if err := client.Ready(t.Context(), "one", started); (err == nil) != test.ready {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestNewRefuses(t *testing.T) {
	for _, text := range []string{"", "clusters: [", "clusters: []\nusers: []\n", "clusters: [{cluster: {}}]\nusers: [{user: {}}]\n"} {
		if _, err := New([]byte(text)); err == nil {
			t.Errorf("%q is a kubeconfig", text)
		}
	}
}
