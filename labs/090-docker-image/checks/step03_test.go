//go:build lab

package checks

import (
	"cmp"
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
	programs, shell := s.engine.Programs(image.ID)
	if shell != "" {
		s.NotYet(check.Finding{Say: "There is a shell in the image, for whoever breaks in.", Got: shell, Want: "no shell", At: "Dockerfile",
			Next: "Begin the last stage with FROM scratch: a Go program that is built with CGO_ENABLED=0 needs nothing else."})
	}
	if len(programs) > 1 {
		s.NotYet(check.Finding{Say: "There are more programs than order in the image.", Got: strings.Join(programs[:min(len(programs), 5)], ", "), Want: "order alone", At: "Dockerfile",
			Next: "Copy nothing but order and its folder into the last stage."})
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
	if now, _, _ := s.settled(container); !now.State.Running && strings.Contains(now.Output(), "permission denied") {
		s.NotYet(check.Finding{Say: "Order may not write to its folder, and has ended.", Got: "permission denied", Want: "a folder /data that is its user's",
			At: "Dockerfile", Next: "Make the folder in the first stage, and copy it with COPY --from=build --chown=10001:10001 /data /data.", Output: now.Output()})
	}
	address := s.serving(container)
	if slices.Contains(container.Users(), "0") { // whatever name or number the image gives it
		s.NotYet(check.Finding{Say: fmt.Sprintf("The image names the user %s, and its process runs as root.", image.Config.User), Got: "a process of user 0",
			Want: "another user, by number", At: "Dockerfile", Next: "Write USER 10001:10001 in the last stage."})
	}
	s.place(container, address)
	s.closed(container)
}

// closed sees that nobody but order's user, and its group, may write where
// order keeps its orders.
func (s *shop) closed(order *docker.Container) {
	s.Helper()
	folder := order.Env("DATA", "/data")
	if header, _, found := order.File(folder + "/."); found && header.Mode&0o002 != 0 {
		s.NotYet(check.Finding{Say: fmt.Sprintf("Every user may write to the folder %s, not order's alone.", folder), Got: fmt.Sprintf("user %d, mode %o", header.Uid, header.Mode&0o7777),
			Want: "a folder of order's user, to which no others write", At: "Dockerfile",
			Next: "Leave its mode as mkdir makes it, and give it its owner: COPY --from=build --chown=10001:10001 /data /data."})
	}
}

// settled waits until the container serves, compiles or has ended, and returns
// what order answered.
func (s *shop) settled(container *docker.Container) (now *docker.Container, status int, body string) {
	s.Helper()
	s.Within(soon, func() bool {
		now = container.Inspect()
		status, body = ask(s.Context, http.MethodGet, now.Address(port), "/health", nil)
		return status != 0 || !now.State.Running || s.Context.Err() != nil || slices.ContainsFunc(now.Commands(), compiler.MatchString)
	})
	return now, status, body
}

// looks is how often the check has health looked at: more often than a shop
// would, and with time for a machine that is busy.
var looks = docker.HealthConfig{Interval: int64(time.Second), Timeout: int64(5 * time.Second), Retries: 2}

// mostHung is how long Docker may take order to be well when it hangs.
const mostHung = 2 * time.Minute

// hung is how long Docker takes to see that order hangs: each look waits for
// its time, and the last one for an answer. From its start on, what looks find
// before the start period is over does not count.
func hung(looks docker.HealthConfig) time.Duration {
	interval, timeout := cmp.Or(looks.Interval, int64(30*time.Second)), cmp.Or(looks.Timeout, int64(30*time.Second))
	return time.Duration(looks.StartPeriod + interval*int64(cmp.Or(looks.Retries, 3)) + timeout)
}

// Docker sees that order is well, and that it is not.
func TestStep03_DockerSeesWhetherOrderIsWell(t *testing.T) {
	s := open(t)
	image := s.engine.Build(s.engine.Context())
	if test := image.Config.Healthcheck; test == nil || len(test.Test) == 0 || test.Test[0] == "NONE" {
		s.NotYet(check.Finding{Say: "The image does not say how to see whether order is well.", Got: "no HEALTHCHECK", Want: "one that asks order",
			At: "Dockerfile", Next: `Write HEALTHCHECK CMD ["/order", "health"].`})
	}
	if after := hung(image.Config.Healthcheck.HealthConfig); after > mostHung {
		s.NotYet(check.Finding{Say: "Docker looks too seldom, or believes it too late, to see in time that order hangs.", Got: after,
			Want: "at most two minutes: start period + interval × retries + timeout", At: "Dockerfile",
			Next: "Write HEALTHCHECK --interval=10s --timeout=3s, and leave out --retries and --start-period."})
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
	s.AwaitServices(2*soon, func() *check.Finding {
		s.inTime(container)
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
