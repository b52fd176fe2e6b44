//go:build lab

package checks

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"cnalab/labs/check"
	"cnalab/labs/check/docker"
)

// The image builds, order answers in it, and the image notes its port.
func TestStep01_TheImageBuildsAndAnswers(t *testing.T) {
	s := open(t)
	image := s.engine.Build(s.engine.Context())
	container := s.engine.Start(image.ID, port, nil)
	s.place(container, s.serving(container))
	noted := slices.Sorted(maps.Keys(image.Config.ExposedPorts))
	if !slices.Equal(noted, []string{port}) {
		got := "no EXPOSE"
		if len(noted) > 0 {
			got = fmt.Sprintf("EXPOSE %s", strings.Join(noted, " "))
		}
		s.NotYet(check.Finding{Say: "The image does not note the port that order listens on.", Got: got, Want: "EXPOSE 8080",
			At: "Dockerfile", Next: "Write EXPOSE 8080, and no other port."})
	}
}

// patience is how long docker stop waits before it kills.
const patience = 10 * time.Second

// The signal of docker stop reaches order, and order ends.
func TestStep01_DockerStopEndsOrder(t *testing.T) {
	s := open(t)
	container := s.engine.Start(s.engine.Build(s.engine.Context()).ID, port, nil)
	s.serving(container)
	container.Signal("TERM")
	s.AwaitServices(patience, func() *check.Finding {
		s.inTime(container)
		if !container.Inspect().State.Running {
			return nil
		}
		return &check.Finding{Say: "Order does not end at the signal that docker stop sends.", Got: fmt.Sprintf("still running %s later", patience),
			Want: "order gets the signal, and ends", At: "Dockerfile", Output: strings.Join(container.Commands(), "\n"),
			Next: "Write CMD in exec form, CMD [\"/order\"]: then order gets the signal, and not a shell."}
	})
}

// The image holds the code as it is now.
func TestStep01_TheImageIsMadeFromTheCode(t *testing.T) {
	s := open(t)
	files, words := probed(s.engine.Context())
	s.holds(s.engine.Build(files), words)
}

// holds ends the check as not yet where the image was made without the probes.
// The container may write to the folder of the orders alone: what is compiled
// when it starts is not in the image.
func (s *shop) holds(image *docker.Built, words map[string]string) {
	s.Helper()
	folder := image.Env("DATA", "/data")
	container, status, body := s.settled(s.engine.StartReadOnly(image.Image, port, folder))
	s.compiles(container)
	if status != http.StatusOK {
		s.serving(s.engine.Start(image.ID, port, nil)) // says what keeps it from serving at all
		if status == 0 && container.Inspect().State.Running {
			s.CouldNotCheck(check.Finding{Say: fmt.Sprintf("Order did not answer within %s.", soon), Next: "The machine is busy: check again.", Output: container.Output()})
		}
		s.NotYet(check.Finding{Say: fmt.Sprintf("Order serves only if its container may write outside of %s.", folder),
			Got: strings.TrimSpace(fmt.Sprint(status, " ", body)), Want: "200, from a program that is in the image", At: "Dockerfile",
			Next: intoImage, Output: container.Output()})
	}
	missing := slices.DeleteFunc(slices.Sorted(maps.Keys(words)), func(file string) bool { return strings.Contains(body, words[file]) })
	switch {
	case len(missing) == 0 && len(words) > 0:
	case len(missing) < len(words):
		s.NotYet(check.Finding{Say: "The check changed each code file and built the image again. One of the changes is not in the image.",
			Got: fmt.Sprintf("another version of %s", missing[0]), Want: "a program built from the files of the folder order", At: "Dockerfile",
			Next: "Compile the files of the folder order as they are. Do not replace them with other files.", Output: container.Output()})
	default:
		s.NotYet(check.Finding{Say: "The check changed the code and built the image again. The change is not in the image.",
			Got: "a program built from other code", Want: "a program built from the files of the folder order", At: "Dockerfile",
			Next: "Compile in the image: COPY the code, then RUN go build. A program that you built outside does not have later changes.", Output: container.Output()})
	}
}
