//go:build lab

// Package checks builds images from copies of the workspace, starts containers
// of them, and looks at those that the learner has started. It knows nothing
// of how a Dockerfile is written, but for what the engine says of its steps.
package checks

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"cnalab/labs/check"
	"cnalab/labs/check/docker"
)

const (
	port   = "8080/tcp"
	soon   = 15 * time.Second // how long a container may take to serve
	serves = "Serve with CMD [\"/order\"], and let order listen on :8080, as it does where ADDRESS is not set."
)

// shop is one check's view of the engine.
type shop struct {
	*check.C
	engine *docker.Client
}

func open(t *testing.T) *shop {
	t.Helper()
	c := check.New(t)
	return &shop{c, docker.Open(c)}
}

// probed changes a line of the code, so that order says a word when it starts.
// The word is the same while the code is, so that a second check is quick; it
// stands nowhere in the files as it is said.
func probed(files docker.BuildContext) (with docker.BuildContext, word string) {
	hash := files.Hash("order")
	text := files.Text(mainFile)
	if text == "" {
		text = "package main\n"
	}
	return files.With(mainFile, fmt.Sprintf("%s\nfunc init() { println(%q + %q) }\n", text, "probe-", hash)), "probe-" + hash
}

const mainFile = "order/main.go"

// silent are the images whose container did not answer when it was last asked,
// so that a second check of the same is told soon.
var silent sync.Map

// serving waits until order answers in the container, and returns its address.
func (s *shop) serving(container *docker.Container) string {
	s.Helper()
	address, timeout := "", soon
	if _, vain := silent.Load(container.Image); vain {
		timeout = time.Second
	}
	s.Eventually(timeout, func(ctx context.Context) *check.Finding {
		now := container.Inspect()
		if !now.State.Running {
			s.NotYet(check.Finding{Say: "The container has ended; it should serve orders.", Got: fmt.Sprintf("exit status %d", now.State.ExitCode),
				Want: "order, listening on port 8080", At: "Dockerfile", Next: serves, Output: now.Output()})
		}
		if address = now.Address(port); address == "" {
			return &check.Finding{Say: "Port 8080 of the container is not published.", Got: "no port on this machine", Want: "a port of 127.0.0.1",
				Next: "Start the container with -p 8080."}
		}
		status, body := ask(ctx, http.MethodGet, address, "/health", nil)
		if status == http.StatusOK {
			silent.Delete(container.Image)
			return nil
		}
		silent.Store(container.Image, true)
		return &check.Finding{Say: "Order does not answer on port 8080 of its container.", Got: strings.TrimSpace(fmt.Sprint(status, " ", body)),
			Want: "200", At: "Dockerfile", Next: serves, Output: now.Output()}
	})
	return address
}

// place places an order and returns its ID.
func (s *shop) place(container *docker.Container, address string) string {
	s.Helper()
	var made struct{ ID string }
	status, body := ask(s.Context, http.MethodPost, address, "/orders", map[string]any{"sku": "lamp", "quantity": 2})
	if status != http.StatusCreated || json.Unmarshal([]byte(body), &made) != nil || made.ID == "" {
		s.NotYet(check.Finding{Say: "Order does not take an order.", Got: strings.TrimSpace(fmt.Sprint(status, " ", body)), Want: `201 {"id": …}`,
			Next: "Read what the container printed.", Output: container.Output()})
	}
	return made.ID
}

// ask makes one request; the status is 0 where there is no answer, and the body
// says why.
func ask(ctx context.Context, method, address, path string, content any) (status int, body string) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	text, err := json.Marshal(content)
	if err != nil {
		return 0, err.Error()
	}
	request, err := http.NewRequestWithContext(ctx, method, "http://"+address+path, bytes.NewReader(text))
	if err != nil {
		return 0, err.Error()
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, "no answer: " + err.Error()
	}
	defer answer.Body.Close()
	said, _ := io.ReadAll(io.LimitReader(answer.Body, 4<<10))
	return answer.StatusCode, strings.TrimSpace(string(said))
}

// container is one that the learner has started.
func (s *shop) container(name, how string) *docker.Container {
	s.Helper()
	container, found := s.engine.Container(name)
	if !found {
		s.NotYet(check.Finding{Say: fmt.Sprintf("There is no container called %s.", name), Got: "none", Want: fmt.Sprintf("a container %s", name), Next: how})
	}
	if !container.State.Running {
		s.NotYet(check.Finding{Say: fmt.Sprintf("The container %s does not run.", name), Got: fmt.Sprintf("%s, exit status %d", container.State.Status, container.State.ExitCode),
			Want: "running", Next: fmt.Sprintf("Read what it printed, remove it with docker rm %s, and start it again.", name), Output: container.Output()})
	}
	return container
}

// kept reports whether a mount is a volume with a name; the engine's own names
// are 64 letters long.
func kept(m docker.Mount) bool { return m.Type == "volume" && len(m.Name) != 64 }

// mounts says what a container has mounted.
func mounts(container *docker.Container) string {
	var all []string
	for _, m := range container.Mounts {
		name := m.Type
		if m.Type == "volume" && len(m.Name) == 64 {
			name = "a volume without a name"
		} else if m.Name != "" {
			name += " " + m.Name
		}
		all = append(all, name+" at "+m.Destination)
	}
	if len(all) == 0 {
		return "no volume"
	}
	return strings.Join(all, ", ")
}
