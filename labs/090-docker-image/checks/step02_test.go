//go:build lab

package checks

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"cnalab/labs/check"
	"cnalab/labs/check/docker"
)

// toolchain is a command of Go, in a line for a shell or in brackets, and with
// flags before it.
var toolchain = regexp.MustCompile(`\bgo["',\s]+(?:-C[="',\s]+[^"',\s]+["',\s]+)?(build|generate|get|install|list|mod|run|test|vet)\b`)

// A change to a note rebuilds nothing.
func TestStep02_ANoteRebuildsNothing(t *testing.T) {
	s := open(t)
	files := s.engine.Context()
	_, rebuilt := compare(s.engine.Build(files), s.engine.Build(files.With("README.md", "# order\n\nA note of the check: "+files.Hash("order")+".\n")))
	if len(rebuilt) > 0 {
		s.NotYet(check.Finding{Say: "The check changed a note in README.md, and the build carried out steps again.", Got: fmt.Sprintf("again from %s on", rebuilt[0].Text),
			Want: "every step from the cache", At: "Dockerfile",
			Next: "Copy only the folder order, or list in .dockerignore what is not code."})
	}
}

// A code change builds the code again, and keeps the layer with the modules.
func TestStep02_ACodeChangeKeepsTheModules(t *testing.T) {
	s := open(t)
	files := s.engine.Context()
	changed, words := probed(files)
	before, after := s.engine.Build(files), s.engine.Build(changed)
	s.fetchedFirst(files, before, after)
	_, rebuilt := compare(before, after)
	if runs := needless(rebuilt); len(runs) > 0 {
		s.NotYet(check.Finding{Say: "After a change to the code, more than one command ran again.", Got: fmt.Sprintf("%d commands; the first is %s", len(runs)+1, runs[0]),
			Want: "only go build", At: "Dockerfile", Next: "Move each command that does not need the code above the line that copies the code."})
	}
	s.holds(after, words)
}

// wrongSum gives a library of a library another sum: whoever fetches or needs
// all that order is made of compares it.
func wrongSum(files docker.BuildContext) docker.BuildContext {
	return files.With("go.sum", sumLine.ReplaceAllString(files.Text("go.sum"), "${1}h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="))
}

var sumLine = regexp.MustCompile(`(?m)^(github\.com/jackc/puddle/v2 v[\d.]+ )h1:\S+`)

// fetchedFirst finds the step that fetches the modules, by a wrong sum of one
// of them, and sees that it comes before the code.
func (s *shop) fetchedFirst(files docker.BuildContext, before, after *docker.Built) {
	s.Helper()
	fetches, fails := s.engine.FailsAt(wrongSum(files))
	first := slices.IndexFunc(after.Steps, func(step docker.BuildStep) bool { return !slices.Contains(before.Steps, step) })
	got := s.layers(before, after)
	switch {
	case !fails:
		s.NotYet(check.Finding{Say: "The check wrote a wrong hash of a module into go.sum, and no step of the build failed.", Got: got,
			Want: "a step that fetches the modules of go.mod and go.sum", At: "Dockerfile", Next: "Write COPY go.mod go.sum ./ and RUN go mod download above the line that copies the code."})
	case first < 0 || fetches < first && s.below(before.Steps[fetches], after, first):
		return
	case fetches >= first && slices.ContainsFunc(after.Steps[fetches+1:], compiles):
		s.NotYet(check.Finding{Say: "The check changed the code and added a file beside go.mod, and the build fetched the modules again.",
			Got:  fmt.Sprintf("%s; again: %s, then %s", got, after.Steps[first].Text, after.Steps[fetches].Text),
			Want: "the layer with the modules kept", At: "Dockerfile", Next: "Copy go.mod and go.sum alone first, fetch the modules, and copy the code after that."})
	default:
		s.NotYet(check.Finding{Say: "No layer holds only the modules, so the build fetches them again after each change.", Got: got,
			Want: "a step that fetches the modules before the code is copied", At: "Dockerfile",
			Next: "Write COPY go.mod go.sum ./ and RUN go mod download above the line that copies the code."})
	}
}

// below reports whether what the step made lies below the command that compiles
// the code, which is the first after the changed one: by its layers, or copied
// from another stage.
func (s *shop) below(step docker.BuildStep, built *docker.Built, changed int) bool {
	s.Helper()
	begin := changed
	for begin > 0 && !strings.HasPrefix(strings.ToUpper(built.Steps[begin].Text), "FROM ") {
		begin--
	}
	if slices.ContainsFunc(built.Steps[begin:changed], func(s docker.BuildStep) bool { return fromStage.MatchString(s.Text) }) {
		return true
	}
	modules, _ := s.engine.Image(step.Image)
	code, _ := s.engine.Image(built.Steps[changed].Image)
	return len(modules.RootFS.Layers) <= len(code.RootFS.Layers) && slices.Equal(modules.RootFS.Layers, code.RootFS.Layers[:len(modules.RootFS.Layers)])
}

var fromStage = regexp.MustCompile(`(?i)^COPY\s.*--from=`)

// compiles reports whether a step runs a command of Go.
func compiles(step docker.BuildStep) bool { return step.Run() && toolchain.MatchString(step.Text) }

// needless are the commands that ran before the one that compiles the code.
func needless(rebuilt []docker.BuildStep) (commands []string) {
	last := 0
	for _, step := range rebuilt {
		if !step.Run() {
			continue
		}
		if compiles(step) {
			last = len(commands)
		}
		commands = append(commands, step.Text)
	}
	return commands[:min(last, len(commands))]
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
