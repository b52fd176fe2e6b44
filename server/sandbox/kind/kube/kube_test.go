package kube

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// newServer answers every question with the same.
func newServer(t *testing.T, status int, answer string) *Client {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(status)
		fmt.Fprint(w, answer)
	}))
	t.Cleanup(server.Close)
	return &Client{server: server.URL, http: server.Client()}
}

func TestReady(t *testing.T) {
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
			client := newServer(t, http.StatusOK, `{"status": {"conditions": [{"type": "DiskPressure", "status": "False"},
				{"type": "Ready", "status": "`+test.status+`", "lastHeartbeatTime": "`+test.at+`"}]}}`)
			if err := client.Ready(t.Context(), "one", started); (err == nil) != test.ready {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestGetSaysWhatTheServerSays(t *testing.T) {
	client := newServer(t, http.StatusNotFound, `{"message": "nodes \"one\" not found"}`)
	err := client.Ready(t.Context(), "one", time.Time{})
	if err == nil || !strings.Contains(err.Error(), `get /api/v1/nodes/one: 404: nodes "one" not found`) {
		t.Errorf("got %v", err)
	}
}

func TestNewRefuses(t *testing.T) {
	for _, text := range []string{"", "clusters: [", "clusters: []\nusers: []\n", "clusters: [{cluster: {}}]\nusers: [{user: {}}]\n"} {
		if _, err := New([]byte(text)); err == nil {
			t.Errorf("%q is a kubeconfig", text)
		}
	}
}
