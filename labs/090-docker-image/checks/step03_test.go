//go:build lab

package checks

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"cnalab/labs/check"
	"cnalab/labs/check/docker"
)

const most = 20_000_000 // bytes

// The image is under 20 MB, and there is no shell in it.
func TestStep03_TheImageIsSmallAndPlain(t *testing.T) {
	s := open(t)
	image := s.engine.Build(s.engine.Context())
	if image.Size >= most {
		s.NotYet(check.Finding{Say: "The image is too large: it still has what order was built with.", Got: fmt.Sprintf("%.1f MB", float64(image.Size)/1e6),
			Want: "less than 20 MB", At: "Dockerfile", Next: "Begin a second stage with FROM scratch, and copy the program from the first."})
	}
	if shell := s.engine.Shell(image.ID); shell != "" {
		s.NotYet(check.Finding{Say: "There is a shell in the image, for whoever breaks in.", Got: shell, Want: "no shell", At: "Dockerfile",
			Next: "Begin the last stage with FROM scratch: a Go program that is built with CGO_ENABLED=0 needs nothing else."})
	}
	container := s.engine.Start(image.ID, port, nil)
	s.place(container, s.serving(container))
}

// Order does not run as root, and can still store orders.
func TestStep03_OrderDoesNotRunAsRoot(t *testing.T) {
	s := open(t)
	image := s.engine.Build(s.engine.Context())
	user, _, _ := strings.Cut(image.Config.User, ":")
	if user == "" || user == "0" || user == "root" {
		s.NotYet(check.Finding{Say: "Order runs as root in its container.", Got: fmt.Sprintf("USER %q", image.Config.User),
			Want: "another user, by number", At: "Dockerfile", Next: "Write USER 10001:10001 in the last stage."})
	}
	container := s.engine.Start(image.ID, port, nil)
	if now := s.settled(container); !now.State.Running && strings.Contains(now.Output(), "permission denied") {
		s.NotYet(check.Finding{Say: "Order may not write to its folder, and has ended.", Got: "permission denied", Want: "a folder /data that is its user's",
			At: "Dockerfile", Next: "Make the folder in the first stage, and copy it with COPY --from=build --chown=10001:10001 /data /data.", Output: now.Output()})
	}
	address := s.serving(container)
	if slices.Contains(container.Users(), "0") { // whatever name or number the image gives it
		s.NotYet(check.Finding{Say: fmt.Sprintf("The image names the user %s, and its process runs as root.", image.Config.User), Got: "a process of user 0",
			Want: "another user, by number", At: "Dockerfile", Next: "Write USER 10001:10001 in the last stage."})
	}
	s.place(container, address)
}

// settled waits until the container serves or has ended.
func (s *shop) settled(container *docker.Container) *docker.Container {
	s.Helper()
	now := container
	s.Within(soon, func() bool {
		now = container.Inspect()
		status, _ := ask(s.Context, http.MethodGet, now.Address(port), "/health", nil)
		return status != 0 || !now.State.Running
	})
	return now
}

// looks is how often the check has health looked at: more often than a shop
// would.
var looks = docker.HealthConfig{Interval: int64(time.Second), Timeout: int64(time.Second), Retries: 2}

// Docker sees that order is well, and that it is not.
func TestStep03_DockerSeesWhetherOrderIsWell(t *testing.T) {
	s := open(t)
	image := s.engine.Build(s.engine.Context())
	if test := image.Config.Healthcheck; test == nil || len(test.Test) == 0 || test.Test[0] == "NONE" {
		s.NotYet(check.Finding{Say: "The image does not say how to see whether order is well.", Got: "no HEALTHCHECK", Want: "one that asks order",
			At: "Dockerfile", Next: `Write HEALTHCHECK CMD ["/order", "health"].`})
	}
	container := s.engine.Start(image.ID, port, &looks)
	s.serving(container)
	s.health(container, "healthy", "Order is well, and Docker does not see it.",
		`The words of CMD are the program and its arguments, in brackets: ["/order", "health"]. A plain line needs a shell.`)
	container.Signal("STOP") // it hangs: its port is open, and nobody answers
	s.health(container, "unhealthy", "Order hangs, and Docker takes it to be well.",
		"The health check has to ask order for an answer: order health does, by its exit status.")
}

// health waits until Docker says so of the container.
func (s *shop) health(container *docker.Container, want, say, next string) {
	s.Helper()
	s.Eventually(soon, func(context.Context) *check.Finding {
		health := container.Inspect().State.Health
		if health != nil && health.Status == want {
			return nil
		}
		f := &check.Finding{Say: say, Got: "no health check", Want: want, At: "Dockerfile", Next: next}
		if health != nil {
			f.Got = health.Status
			for _, look := range health.Log {
				f.Output = strings.TrimSpace(look.Output)
			}
		}
		return f
	})
}
