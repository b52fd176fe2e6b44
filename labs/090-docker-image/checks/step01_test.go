//go:build lab

package checks

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

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
		s.NotYet(check.Finding{Say: "The image does not note the port that order listens on.", Got: fmt.Sprintf("EXPOSE %s", strings.Join(noted, " ")), Want: "EXPOSE 8080",
			At: "Dockerfile", Next: "Write EXPOSE 8080, and no other port."})
	}
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
			s.CouldNotCheck(check.Finding{Say: fmt.Sprintf("Order takes longer than %s to serve.", soon), Next: "The machine is busy: check again.", Output: container.Output()})
		}
		s.NotYet(check.Finding{Say: fmt.Sprintf("Order does not serve in a container that may write to %s alone, and does in one that may write anywhere.", folder),
			Got: strings.TrimSpace(fmt.Sprint(status, " ", body)), Want: "200, from a program that is in the image", At: "Dockerfile",
			Next: intoImage, Output: container.Output()})
	}
	missing := slices.DeleteFunc(slices.Sorted(maps.Keys(words)), func(file string) bool { return strings.Contains(body, words[file]) })
	switch {
	case len(missing) == 0 && len(words) > 0:
	case len(missing) < len(words):
		s.NotYet(check.Finding{Say: "Each file of the code was changed and the image built again, and one of the changes is not in it.",
			Got: fmt.Sprintf("%s as it is not in the folder order", missing[0]), Want: "an order made from the files of the folder order", At: "Dockerfile",
			Next: "Compile the files of the folder order as they are, and put no others in their place.", Output: container.Output()})
	default:
		s.NotYet(check.Finding{Say: "The code was changed and the image built again, and the change is not in it.",
			Got: "an order made from other code", Want: "an order made from the files of the folder order", At: "Dockerfile",
			Next: "Compile in the image: COPY the code, then RUN go build. A program that was built outside is as old as it is.", Output: container.Output()})
	}
}
