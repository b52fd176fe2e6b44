//go:build lab

package checks

import (
	"strings"
	"testing"

	"cnalab/labs/check"
	"cnalab/labs/check/docker"
)

// The image builds, and order answers in it.
func TestStep01_TheImageBuildsAndAnswers(t *testing.T) {
	s := open(t)
	container := s.engine.Start(s.engine.Build(s.engine.Context()).ID, port, nil)
	s.place(container, s.serving(container))
}

// The image holds the code as it is now.
func TestStep01_TheImageIsMadeFromTheCode(t *testing.T) {
	s := open(t)
	files, word := probed(s.engine.Context())
	s.holds(s.engine.Build(files), word)
}

// holds ends the check as not yet where the image was made without the probe.
func (s *shop) holds(image *docker.Built, word string) {
	s.Helper()
	container := s.engine.Start(image.ID, port, nil)
	s.serving(container)
	if !strings.Contains(container.Output(), word) {
		s.NotYet(check.Finding{Say: "The code was changed and the image built again, and the change is not in it.",
			Got: "an order made from other code", Want: "an order made from the files of the folder order", At: "Dockerfile",
			Next: "Compile in the image: COPY the code, then RUN go build. A program that was built outside is as old as it is.", Output: container.Output()})
	}
}
