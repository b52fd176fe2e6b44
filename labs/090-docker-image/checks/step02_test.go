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

// A change to a note builds nothing again.
func TestStep02_ANoteRebuildsNothing(t *testing.T) {
	s := open(t)
	files := s.engine.Context()
	_, rebuilt := compare(s.engine.Build(files), s.engine.Build(files.With("README.md", "# order\n\nA note of the check: "+files.Hash("order")+".\n")))
	if len(rebuilt) > 0 {
		s.NotYet(check.Finding{Say: "A note in README.md was changed, and the image was built again.", Got: fmt.Sprintf("again from %s", rebuilt[0].Text),
			Want: "every step taken from the cache", At: "Dockerfile",
			Next: "Copy the folder order alone, or name what is no code in .dockerignore."})
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
		s.NotYet(check.Finding{Say: "The code was changed, and more than one command ran again.", Got: fmt.Sprintf("%d commands, first %s", len(runs)+1, runs[0]),
			Want: "go build alone", At: "Dockerfile", Next: "Move what does not need the code above the line that copies it."})
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
		s.NotYet(check.Finding{Say: "The sum of a module in go.sum was changed, and no step of the build noticed it.", Got: got,
			Want: "a step that fetches the modules by go.mod and go.sum", At: "Dockerfile", Next: "COPY go.mod go.sum ./ and RUN go mod download, before the code is copied."})
	case first < 0 || fetches < first && s.below(before.Steps[fetches], after, first):
		return
	case fetches >= first && slices.ContainsFunc(after.Steps[fetches+1:], compiles):
		s.NotYet(check.Finding{Say: "The code was changed and a file added beside go.mod, and the modules were fetched again.",
			Got:  fmt.Sprintf("%s; again: %s, then %s", got, after.Steps[first].Text, after.Steps[fetches].Text),
			Want: "the layer of that step kept", At: "Dockerfile", Next: "Copy go.mod and go.sum alone first, fetch the modules, and copy the code after that."})
	default:
		s.NotYet(check.Finding{Say: "No layer holds the modules by themselves, so each build brings them again.", Got: got,
			Want: "a step for the modules before the code is copied", At: "Dockerfile",
			Next: "COPY go.mod go.sum ./ and RUN go mod download, before the code is copied."})
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
