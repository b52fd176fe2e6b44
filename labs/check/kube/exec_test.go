package kube

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"cnalab/labs/check"
)

// TestExec runs commands in a pod of an API server that streams what they print.
func TestExec(t *testing.T) {
	server := newCluster(t, shopObjects())
	objects := server.Config.Handler
	server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/api/v1/namespaces/shop/pods/order-1-a/exec" {
			objects.ServeHTTP(w, r)
			return
		}
		stream, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{protocol}})
		if err != nil {
			t.Error(err)
			return
		}
		defer stream.CloseNow()
		messages := []string{"\x01", "\x01or", "\x01der", "\x03" + `{"status": "Success"}`}
		if command := r.URL.Query()["command"]; !slices.Equal(command, []string{"get", "http://order"}) {
			messages = []string{"\x02no such command\n", "\x03" + `{"status": "Failure", "message": "exit code 1"}`}
		}
		for _, m := range messages {
			if err := stream.Write(r.Context(), websocket.MessageBinary, []byte(m)); err != nil {
				t.Error(err)
			}
		}
	})
	k := Open(check.New(t))
	if got, err := k.Exec("shop", "order-1-a", "get", "http://order"); err != nil || string(got) != "order" {
		t.Errorf("a command prints %q, %v", got, err)
	}
	if _, err := k.Exec("shop", "order-1-a", "sing"); err == nil || err.Error() != "no such command" {
		t.Errorf("a command that fails: %v", err)
	}
	if _, err := k.Exec("shop", "none", "get"); err == nil || !strings.Contains(err.Error(), "not found") {
		t.Errorf("a command in no pod: %v", err)
	}
}
