package cgroup

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestThaw(t *testing.T) {
	dir := t.TempDir()
	was := freezers
	freezers = []string{filepath.Join(dir, "docker", "%")}
	defer func() { freezers = was }()
	states := map[string]string{}
	for path, state := range map[string]string{"docker/one/freezer.state": "THAWED\n", "docker/one/pods/pod/freezer.state": "FROZEN\n", "docker/two/freezer.state": "FROZEN\n"} {
		file := filepath.Join(dir, path)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(state), 0o600); err != nil {
			t.Fatal(err)
		}
		states[path] = file
	}
	stop := ThawUntil("one")
	time.Sleep(800 * time.Millisecond)
	stop()
	for path, want := range map[string]string{"docker/one/freezer.state": "THAWED\n", "docker/one/pods/pod/freezer.state": "THAWED", "docker/two/freezer.state": "FROZEN\n"} {
		if got, err := os.ReadFile(states[path]); err != nil || string(got) != want {
			t.Errorf("%s: got %q, %v, want %q", path, got, err, want)
		}
	}
}
