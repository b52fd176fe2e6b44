//go:build lab

package checks

import (
	"fmt"
	"regexp"
	"testing"

	"cnalab/labs/check"
	"cnalab/labs/check/docker"
)

// modules is a command that brings, or compiles, what order is made with.
var modules = regexp.MustCompile(`\bgo (mod|list|build|get|install|vet)\b`)

// A change to a note builds nothing again.
func TestStep02_ANoteRebuildsNothing(t *testing.T) {
	s := open(t)
	files := s.engine.Context()
	_, rebuilt := compare(s.engine.Build(files), s.engine.Build(files.With("README.md", "# order\n\nA note of the check: "+files.Hash("order")+".\n")))
	if len(rebuilt) > 0 {
		s.NotYet(check.Finding{Say: "A note in README.md was changed, and the image was built again.", Got: "again from " + rebuilt[0].Text,
			Want: "every step taken from the cache", At: "Dockerfile",
			Next: "Copy the folder order alone, or name what is no code in .dockerignore."})
	}
}

// A code change builds the code again, and keeps the layer with the modules.
func TestStep02_ACodeChangeKeepsTheModules(t *testing.T) {
	s := open(t)
	files := s.engine.Context()
	changed, word := probed(files)
	before, after := s.engine.Build(files), s.engine.Build(changed)
	kept, rebuilt := compare(before, after)
	download := func(steps []docker.BuildStep) (found []string) {
		for _, step := range steps {
			if step.Run() && modules.MatchString(step.Text) {
				found = append(found, step.Text)
			}
		}
		return found
	}
	got := s.layers(before, after)
	switch runs := download(rebuilt); {
	case len(download(kept)) == 0 && len(runs) > 1:
		s.NotYet(check.Finding{Say: "One line of code was changed, and the modules were fetched again.", Got: got + "; again: " + runs[0],
			Want: "the layer of that step kept", At: "Dockerfile", Next: "Copy go.mod and go.sum first, fetch the modules, and copy the code after that."})
	case len(download(kept)) == 0:
		s.NotYet(check.Finding{Say: "No layer holds the modules by themselves, so each build brings them again.", Got: got,
			Want: "a step for the modules before the code is copied", At: "Dockerfile",
			Next: "COPY go.mod go.sum ./ and RUN go mod download, before the code is copied."})
	case len(runs) > 1:
		s.NotYet(check.Finding{Say: "One line of code was changed, and more than one command ran again.", Got: fmt.Sprintf("%d commands, first %s", len(runs), runs[0]),
			Want: "go build alone", At: "Dockerfile", Next: "Move what does not need the code above the line that copies it."})
	}
	s.holds(after, word)
}

// compare tells which steps of a second build made what the first one made.
func compare(before, after *docker.Built) (kept, rebuilt []docker.BuildStep) {
	for i, step := range after.Steps {
		if i < len(before.Steps) && step == before.Steps[i] { // FROM scratch makes nothing, in both
			kept = append(kept, step)
		} else {
			rebuilt = append(rebuilt, step)
		}
	}
	return kept, rebuilt
}

// layers counts the layers that two builds share, by their digests, where the
// code was compiled.
func (s *shop) layers(before, after *docker.Built) string {
	s.Helper()
	one, other := s.digests(before), s.digests(after)
	same := 0
	for same < min(len(one), len(other)) && one[same] == other[same] {
		same++
	}
	return fmt.Sprintf("%d of %d layers kept", same, len(other))
}

// digests are the layers of what the last command made.
func (s *shop) digests(built *docker.Built) []string {
	s.Helper()
	for i := len(built.Steps) - 1; i >= 0; i-- {
		if step := built.Steps[i]; step.Run() {
			image, _ := s.engine.Image(step.Image)
			return image.RootFS.Layers
		}
	}
	return built.RootFS.Layers
}
