package engine

import (
	"context"
	"errors"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cnalab/labs"
)

func TestTranslate(t *testing.T) {
	for words, want := range map[string]string{
		"Cannot connect to the Docker daemon at unix:///var/run/docker.sock.": "does not answer any more",
		"Bind for 127.0.0.1:20000 failed: port is already allocated":          "taken a port",
		"write /var/lib/docker/x: no space left on device":                    "disk is full",
	} {
		if p := labs.AsProblem(Translate(errors.New(words))); !strings.Contains(p.Say, want) || p.Next == "" {
			t.Errorf("%s: got %q, %q", words, p.Say, p.Next)
		}
	}
	other := errors.New("something else")
	if Translate(other) != other || Translate(nil) != nil {
		t.Error("an error that says nothing of these is changed")
	}
}

func TestRecent(t *testing.T) {
	for version, ok := range map[string]bool{"1.41": true, "1.52": true, "1.40": false, "1.24": false} {
		if err := recent(version); (err == nil) != ok {
			t.Errorf("%s: %v", version, err)
		}
	}
}

// TestEngineThatHangs listens where an engine should and never answers.
func TestEngineThatHangs(t *testing.T) {
	path := filepath.Join(t.TempDir(), "docker.sock")
	listener, err := net.Listen("unix", path)
	if err != nil {
		t.Skip("no sockets here:", err)
	}
	defer listener.Close()
	t.Setenv("DOCKER_HOST", "unix://"+path)
	began := time.Now()
	_, err = Connect(context.Background())
	if p := labs.AsProblem(err); err == nil || !strings.Contains(p.Say, "No Docker engine answers") {
		t.Errorf("got %v", err)
	}
	if took := time.Since(began); took > 2*answerTimeout {
		t.Errorf("it took %v", took)
	}
}
