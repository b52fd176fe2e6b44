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
	"go/build"
	"io"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"cnalab/labs/check"
	"cnalab/labs/check/docker"
)

const (
	port   = "8080/tcp"
	soon   = 15 * time.Second // how long a container may take to serve
	serves = "Start order with CMD [\"/order\"]. It listens on :8080 unless ADDRESS is set."

	intoImage = "Compile order with RUN, which runs once, while the image is built. CMD runs in each container."
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

// probed changes each file of the code, so that order says a word of each when
// it is asked for its health, and adds a file beside go.mod. The words are the
// same while the code is, so that a second check is quick.
func probed(files docker.BuildContext) (with docker.BuildContext, words map[string]string) {
	words, with = map[string]string{}, files
	mark := "probe-" + files.Hash("order")
	for _, name := range files.Below("order") {
		switch {
		case compiled(files, name):
			words[name] = mark + "-" + path.Base(name)
			text := mainLine.ReplaceAllString(files.Text(name), `package main; import probed "os"`)
			with = with.With(name, fmt.Sprintf("%s\n%s", text, strings.ReplaceAll(probe, "WORD", words[name])))
		case strings.HasSuffix(name, ".go"):
			with = with.With(name, fmt.Sprintf("%s\n// %s\n", files.Text(name), mark))
		}
	}
	return with.With(addedFile, mark+"\n"), words
}

// addedFile is no code: what fetches the modules does not need it.
const addedFile = "note-of-the-check.txt"

// compiled reports whether the file belongs to the program order, on Linux.
func compiled(files docker.BuildContext, name string) bool {
	linux := build.Default
	linux.GOOS, linux.CgoEnabled = "linux", false
	linux.OpenFile = func(string) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(files.Text(name))), nil }
	match, err := linux.MatchFile(path.Dir(name), path.Base(name))
	return err == nil && match && path.Dir(name) == "order" && !strings.HasSuffix(name, "_test.go") && mainLine.MatchString(files.Text(name))
}

// probe has order keep its orders in a folder of that name, which its health
// tells: not all that it prints is in the engine's log when it answers. Each
// file's folder lies in that of the one before.
const probe = `func init() {
	data := probed.Getenv("DATA")
	if data == "" {
		data = "/data"
	}
	probed.Setenv("DATA", data+"/WORD")
}
`

var mainLine = regexp.MustCompile(`(?m)^package main\b`)

// serving waits until order answers in the container, and returns its address.
func (s *shop) serving(container *docker.Container) (address string) {
	s.Helper()
	s.AwaitServices(soon, func() (finding *check.Finding) {
		address, finding = s.answers(container)
		return finding
	})
	s.compiles(container)
	return address
}

// answers looks whether order answers in the container, and where.
func (s *shop) answers(container *docker.Container) (address string, finding *check.Finding) {
	s.Helper()
	now := container.Inspect()
	if !now.State.Running {
		s.NotYet(check.Finding{Say: "The container has ended; it should serve orders.", Got: fmt.Sprintf("exit status %d", now.State.ExitCode),
			Want: "order, listening on port 8080", At: "Dockerfile", Next: serves, Output: now.Output()})
	}
	if address = now.Address(port); address == "" {
		return "", &check.Finding{Say: "Port 8080 of the container is not published.", Got: "no port on this machine", Want: "a port of 127.0.0.1",
			Next: "Start the container with -p 8080."}
	}
	status, body := ask(s.Context, http.MethodGet, address, "/health", nil)
	if status == http.StatusOK {
		return address, nil
	}
	s.compiles(now)
	s.inTime(container)
	return address, &check.Finding{Say: "Order does not answer on port 8080 of its container.", Got: strings.TrimSpace(fmt.Sprint(status, " ", body)),
		Want: "200", At: "Dockerfile", Next: serves, Output: now.Output()}
}

// inTime ends the check where its time is over: a slow machine says nothing of
// the work.
func (s *shop) inTime(container *docker.Container) {
	s.Helper()
	if s.Context.Err() != nil {
		s.CouldNotCheck(check.Finding{Say: fmt.Sprintf("Order did not answer within %s.", soon), Next: "The machine is busy: check again.", Output: container.Output()})
	}
}

// compiler is a process that makes a program of code.
var compiler = regexp.MustCompile(`(^|[\s/])go (build|install|run|test)\b|/pkg/tool/`)

// compiles ends the check as not yet where the container itself compiles order.
func (s *shop) compiles(container *docker.Container) {
	s.Helper()
	commands := container.Commands()
	if at := slices.IndexFunc(commands, compiler.MatchString); at >= 0 {
		s.NotYet(check.Finding{Say: "The container compiles order when it starts.", Got: fmt.Sprintf("%.100s", commands[at]), Want: "a program that is in the image",
			At: "Dockerfile", Next: intoImage, Output: container.Output()})
	}
}

// place places an order and returns its ID.
func (s *shop) place(container *docker.Container, address string) string {
	s.Helper()
	var made struct{ ID string }
	status, body := ask(s.Context, http.MethodPost, address, "/orders", map[string]any{"sku": "lamp", "quantity": 2})
	if status != http.StatusCreated || json.Unmarshal([]byte(body), &made) != nil || made.ID == "" {
		s.NotYet(check.Finding{Say: "Order did not accept an order.", Got: strings.TrimSpace(fmt.Sprint(status, " ", body)), Want: `201 {"id": …}`,
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
