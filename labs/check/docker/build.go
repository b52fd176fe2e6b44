package docker

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"

	"cnalab/labs"
	"cnalab/labs/check"
)

const (
	// BuildLimit bounds one build of an image: a flag such as -trimpath has all
	// libraries compiled anew, a minute's work for a machine that is not busy.
	BuildLimit = 6 * time.Minute
	// WaitLimit bounds a build that is at a command which compiles nothing.
	WaitLimit = 50 * time.Second
)

// late holds the Dockerfiles of this run whose build did not end in time, and
// why, so that a second check of the same is told at once and builds nothing
// beside it.
var late sync.Map

// lateBuild is why a build did not end: by the Dockerfile's fault, or not.
type lateBuild struct {
	finding check.Finding
	hangs   bool
}

// notInTime ends the check.
func (d *Client) notInTime(l lateBuild) {
	d.c.Helper()
	if l.hangs {
		d.c.NotYet(l.finding)
	}
	d.c.CouldNotCheck(l.finding)
}

// Built is an image that a check has built. It is removed with the check.
type Built struct {
	Image
	Steps []BuildStep
}

// BuildStep is one instruction of a Dockerfile, as it was carried out.
type BuildStep struct {
	Text  string // "RUN go mod download"
	Image string // the ID of what it made; steps that made the same have the same
}

// Run reports whether the step runs a command.
func (s BuildStep) Run() bool { return strings.HasPrefix(strings.ToUpper(s.Text), "RUN ") }

// Build makes an image from the context's Dockerfile. Where that is not
// possible, the check ends: as not yet by the Dockerfile's fault, and as could
// not check by the code's or the machine's.
func (d *Client) Build(from BuildContext) *Built {
	d.c.Helper()
	if !from.Has("Dockerfile") {
		d.c.NotYet(check.Finding{Say: "There is no Dockerfile in the workspace.", Want: "a file Dockerfile", Next: "Make it, or reset it to get it back."})
	}
	archive, err := from.archive()
	if err != nil {
		d.c.NotYet(check.Finding{Say: "The .dockerignore cannot be read.", At: ".dockerignore", Next: "Write one pattern a line.", Output: err.Error()})
	}
	if l, ok := late.Load(from.Text("Dockerfile")); ok {
		d.notInTime(l.(lateBuild))
	}
	name := "check-" + strings.ToLower(rand.Text()[:10])
	d.discard("/images/" + name + "?force=1&noprune=1")
	output := d.build(name, archive)
	if output.mayPass() {
		output = d.build(name, archive)
	}
	output.trim(from.Text("Dockerfile"))
	if output.err != nil {
		d.notBuilt(from, output)
	}
	image, found := d.Image(name)
	if !found {
		d.c.CouldNotCheck(check.Finding{Say: "The image that the check built is gone.", Next: "Check again."})
	}
	return &Built{Image: image, Steps: output.steps}
}

// FailsAt builds from a context that has a fault, and returns the number of the
// step that notices it, from 0; fails is false where none does.
func (d *Client) FailsAt(from BuildContext) (step int, fails bool) {
	d.c.Helper()
	archive, err := from.archive()
	d.c.Must(err, "The files cannot be sent to the engine.")
	name := "check-" + strings.ToLower(rand.Text()[:10])
	d.discard("/images/" + name + "?force=1&noprune=1")
	output := d.build(name, archive)
	if output.gone() {
		output = d.build(name, archive)
	}
	if _, no := errors.AsType[*apiError](output.err); output.err != nil && !no || output.gone() {
		d.notBuilt(from, output)
	}
	return len(output.steps) - 1, output.err != nil
}

// build has the engine make an image, for so long as a build may take.
func (d *Client) build(name string, archive []byte) *buildOutput {
	d.c.Helper()
	output := &buildOutput{}
	d.c.Slow(BuildLimit, check.Finding{Say: "The check builds the image.",
		Next: "Where all libraries have to be compiled as well, as with flags that nothing was compiled with yet, it takes a minute or more."},
		func(ctx context.Context) { output.err = d.buildInto(ctx, output, name, bytes.NewReader(archive)) })
	return output
}

func (d *Client) buildInto(ctx context.Context, output *buildOutput, name string, archive io.Reader) error {
	ctx, cancel := context.WithCancel(ctx)
	var watching sync.WaitGroup
	watching.Go(func() { output.watch(ctx, cancel) })
	defer watching.Wait()
	defer cancel()
	answer, err := d.send(ctx, http.MethodPost, "/build?finish=1&t="+url.QueryEscape(name), "application/x-tar", archive)
	if err == nil {
		err = output.read(answer)
		answer.Close()
	}
	if err != nil && ctx.Err() != nil {
		return errLate
	}
	return err
}

var errLate = errors.New("the build takes long")

// buildOutput is what the engine says of a build.
type buildOutput struct {
	text  strings.Builder
	steps []BuildStep
	err   error // why there is no image

	mu    sync.Mutex // held while a step begins, and by who looks for how long
	since time.Time  // when the last step began
}

// mayPass reports whether a build that failed may pass at another try. An engine
// has other users, who remove what the build goes on from, or take all of the
// memory that it needs; what is the Dockerfile's fault fails again, and at once,
// because the layers before are kept.
func (b *buildOutput) mayPass() bool {
	_, no := errors.AsType[*apiError](b.err)
	return no && !codeLine.MatchString(b.text.String()) && !labs.SaysFull(b.err.Error()+b.text.String())
}

// gone reports whether an image that the build goes on from was removed meanwhile.
func (b *buildOutput) gone() bool { return b.err != nil && imageGone.MatchString(b.err.Error()) }

// watch ends a build that waits at a command for ever.
func (b *buildOutput) watch(ctx context.Context, end func()) {
	began, tick := time.Now(), time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if time.Since(began) > WaitLimit && b.waits() {
				end()
				return
			}
		}
	}
}

var (
	stepLine = regexp.MustCompile(`(?m)^Step \d+/\d+ : (.*)$`)
	madeLine = regexp.MustCompile(`(?m)^ ---> ([0-9a-f]{12})$`)
	codeLine = regexp.MustCompile(`(?m)^(?:\./)?([\w./-]+\.go:\d+):\d+: `)
	// moduleLine is what Go says of code whose modules it does not find.
	moduleLine = regexp.MustCompile(`module lookup disabled|no required module provides|cannot find module|missing go\.sum entry`)
	// imageGone is what the engine says where an image that a build goes on from
	// is removed meanwhile.
	imageGone = regexp.MustCompile(`unknown parent image|layer does not exist|(?i)no such image: sha256:`)
	colour    = regexp.MustCompile("\x1b\\[[0-9;]*m")
)

// trim leaves out the steps at the end that are not in the Dockerfile: the
// engine adds the image's labels as such.
func (b *buildOutput) trim(dockerfile string) {
	said := b.text.String()
	for last := b.last(); strings.HasPrefix(last, "LABEL ") && !strings.Contains(dockerfile, last); last = b.last() {
		b.steps = b.steps[:len(b.steps)-1]
		said, _, _ = strings.Cut(said, fmt.Sprintf("Step %d/", len(b.steps)+1))
	}
	b.text.Reset()
	b.text.WriteString(said)
}

// read takes in all that is said, and returns the builder's error.
func (b *buildOutput) read(answer io.Reader) error {
	for lines := json.NewDecoder(answer); ; {
		var line struct{ Stream, Error string }
		if err := lines.Decode(&line); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if line.Error != "" {
			return &apiError{http.StatusBadRequest, line.Error}
		}
		if b.text.Len() < 1<<20 {
			b.text.WriteString(colour.ReplaceAllString(line.Stream, ""))
		}
		if step := stepLine.FindStringSubmatch(line.Stream); step != nil {
			b.begin(step[1])
		}
		if made := madeLine.FindStringSubmatch(line.Stream); made != nil && len(b.steps) > 0 {
			b.steps[len(b.steps)-1].Image = made[1]
		}
	}
}

func (b *buildOutput) begin(step string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.steps, b.since = append(b.steps, BuildStep{Text: step}), time.Now()
}

// last is the step at which the build is.
func (b *buildOutput) last() string {
	if len(b.steps) == 0 {
		return ""
	}
	return b.steps[len(b.steps)-1].Text
}

// at is the step at which the build is, for whoever watches it, and for how long.
func (b *buildOutput) at() (step string, since time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.last(), time.Since(b.since)
}

// hangs reports whether the build is at a command that nothing explains but
// that it never ends: a busy machine is slow at all of them.
func (b *buildOutput) hangs() bool {
	step, since := b.at()
	return BuildStep{Text: step}.Run() && !compiles(step) && since > WaitLimit/2
}

// waits reports whether the build hangs at a command that compiles nothing:
// one that does may be at that still.
func (b *buildOutput) waits() bool {
	step, _ := b.at()
	return b.hangs() && !toolchain.MatchString(step)
}

var (
	commandEnd = regexp.MustCompile(`&&|\|\||[;|&]`)
	toolchain  = regexp.MustCompile(`\bgo["',\s]+(?:-C[="',\s]+[^"',\s]+["',\s]+)?(build|generate|get|install|list|mod|test|vet)\b`)
	quick      = regexp.MustCompile(`^\s*(cd|chmod|chown|cp|echo|install|ln|ls|mkdir|mv|rm|strip|test|touch|true)\b`)
)

// compiles reports whether a step has the toolchain at work, which takes its
// time on a busy machine, and nothing after it that may wait.
func compiles(step string) bool {
	works := false
	for _, command := range commandEnd.Split(step, -1) {
		switch {
		case toolchain.MatchString(command):
			works = true
		case !quick.MatchString(command):
			works = false
		}
	}
	return works
}

// late is why the build did not end in time.
func (b *buildOutput) late() lateBuild {
	if !b.hangs() {
		return lateBuild{check.Finding{Say: fmt.Sprintf("The build took longer than %s.", BuildLimit), Got: b.last(),
			Want: "a build of a few seconds", Next: "The machine is busy. The build goes on, and is kept: check again in a minute."}, false}
	}
	return lateBuild{check.Finding{Say: "The build did not end: it was still at one step.", Got: b.last(),
		Want: "a build of a few seconds", At: "Dockerfile", Output: check.LastLines(strings.TrimSpace(b.text.String()), check.OutputLines),
		Next: "Look for a command that waits or never ends. RUN is for what makes the image; what the container does is CMD."}, true}
}

// notBuilt ends the check with why there is no image.
func (d *Client) notBuilt(from BuildContext, said *buildOutput) {
	d.c.Helper()
	err := said.err
	no, isNo := errors.AsType[*apiError](err)
	output := check.LastLines(strings.TrimSpace(said.text.String()+"\n"+colour.ReplaceAllString(err.Error(), "")), check.OutputLines)
	code := codeLine.FindStringSubmatch(said.text.String())
	switch {
	case errors.Is(err, errLate):
		l := said.late()
		late.Store(from.Text("Dockerfile"), l)
		d.notInTime(l)
	case !isNo:
		d.answers(err)
	case labs.SaysFull(no.message + said.text.String()):
		d.c.CouldNotCheck(check.Finding{Say: "The Docker engine's disk is full.", Next: "Free some space there, then check again.", Output: output})
	case said.gone():
		d.c.CouldNotCheck(check.Finding{Say: "An image that the build goes on from was removed meanwhile.", Next: "Check again.", Output: output})
	case missingImage(no.message):
		d.c.NotYet(check.Finding{Say: "The Dockerfile begins with an image that is not here.", Got: said.last(), Want: "FROM cnalab/go:1.26, cnalab/base:12 or scratch",
			At: "Dockerfile", Next: "Look at the names with docker images.", Output: output})
	case strings.Contains(no.message, "requires BuildKit"):
		d.c.NotYet(check.Finding{Say: "The Dockerfile uses an option of BuildKit, and the check builds with Docker's legacy builder.", Got: said.last(),
			Want: "a step without that option", At: "Dockerfile", Next: "Write the step without the option. In place of a cache mount, compile the libraries in a RUN above the line that copies the code.",
			Output: output})
	case code != nil && moduleLine.MatchString(said.text.String()):
		d.c.NotYet(check.Finding{Say: "The code does not find its modules where it is compiled.", Got: said.last(), Want: "the modules of go.mod, in an image below",
			At: "Dockerfile", Next: "cnalab/go has the modules of go.mod: COPY go.mod and go.sum, and leave the modules where they are.", Output: output})
	case code != nil:
		d.c.CouldNotCheck(check.Finding{Say: "The code does not build in the image.", At: code[1], Next: "Mend what the compiler names, then check again.", Output: output})
	default:
		d.c.NotYet(check.Finding{Say: "The Dockerfile does not build.", Got: said.last(), Want: "each step done", At: "Dockerfile",
			Next: "Read the last lines of the build; docker build . shows all of them.", Output: output})
	}
}

func missingImage(message string) bool {
	for _, words := range []string{"pull access denied", "manifest for", "manifest unknown", "no such host", "connection refused", "request canceled", "No such image", "repository does not exist"} {
		if strings.Contains(message, words) {
			return true
		}
	}
	return false
}
