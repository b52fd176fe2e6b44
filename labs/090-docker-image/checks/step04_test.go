//go:build lab

package checks

import (
	"cmp"
	"strings"
	"testing"
	"time"

	"cnalab/labs/check"
	"cnalab/labs/check/docker"
)

// looks is how often the check has health looked at: more often than a shop
// would, and with time for a machine that is busy.
var looks = docker.HealthConfig{Interval: int64(time.Second), Timeout: int64(5 * time.Second), Retries: 2}

// mostHung is how long Docker may take to say that order hangs: its defaults do.
const mostHung = 3 * time.Minute

// hung is the longest time until Docker says unhealthy of an order that hangs.
// A look begins one interval after the one before has ended, and ends with its
// timeout; those in the start period do not count.
func hung(looks docker.HealthConfig) time.Duration {
	interval, timeout := cmp.Or(looks.Interval, int64(30*time.Second)), cmp.Or(looks.Timeout, int64(30*time.Second))
	return time.Duration(looks.StartPeriod + int64(cmp.Or(looks.Retries, 3))*(interval+timeout))
}

// Docker says whether order is healthy.
func TestStep04_DockerSeesWhetherOrderIsWell(t *testing.T) {
	s := open(t)
	image := s.engine.Build(s.engine.Context())
	if test := image.Config.Healthcheck; test == nil || len(test.Test) == 0 || test.Test[0] == "NONE" {
		s.NotYet(check.Finding{Say: "The image has no health check.", Got: "no HEALTHCHECK", Want: "a HEALTHCHECK that asks order",
			At: "Dockerfile", Next: `Write HEALTHCHECK CMD ["/order", "health"].`})
	}
	if after := hung(image.Config.Healthcheck.HealthConfig); after > mostHung {
		s.NotYet(check.Finding{Say: "If order hangs, Docker says unhealthy too late.", Got: after,
			Want: "at most three minutes: start period + retries × (interval + timeout)", At: "Dockerfile",
			Next: "Write HEALTHCHECK --interval=10s --timeout=3s, and leave out --retries and --start-period."})
	}
	container := s.engine.Start(image.ID, port, &looks)
	s.serving(container)
	s.health(container, "healthy", "Order answers, but Docker does not say healthy.",
		`Write the health check in exec form, the program and its arguments in brackets: ["/order", "health"]. Without brackets it needs a shell.`)
	container.Signal("STOP") // it hangs: its port is open, and nobody answers
	s.health(container, "unhealthy", "Order hangs, but Docker does not say unhealthy.",
		"The health check has to ask order for an answer. The command order health does, and ends with exit status 1 if there is none.")
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
