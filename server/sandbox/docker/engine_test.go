package docker

import (
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

const engineAddress = "DOCKER_TEST_ENGINE"

// TestContainersAreMadeWhereTheEngineIs runs itself: testcontainers looks for an
// engine once in a program. The one here is at no place that it knows.
func TestContainersAreMadeWhereTheEngineIs(t *testing.T) {
	if address := os.Getenv(engineAddress); address != "" {
		provider, err := newProvider(address)
		if err != nil {
			t.Fatal(err)
		}
		if got := provider.Client().DaemonHost(); got != address {
			t.Errorf("containers are made at %s, want %s", got, address)
		}
		if left := os.Getenv("DOCKER_HOST"); left != "" {
			t.Errorf("DOCKER_HOST is left: %s", left)
		}
		return
	}
	dir, err := os.MkdirTemp("", "engine-") // a socket's path is short
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	socket := filepath.Join(dir, "docker.sock")
	listener, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	engine := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Api-Version", "1.44")
		w.Write([]byte("{}"))
	})}
	go engine.Serve(listener)
	defer engine.Close()
	cmd := exec.Command(os.Args[0], "-test.run=^TestContainersAreMadeWhereTheEngineIs$", "-test.v")
	cmd.Env = append(os.Environ(), engineAddress+"=unix://"+filepath.ToSlash(socket), "DOCKER_HOST=", "HOME="+dir)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
}
