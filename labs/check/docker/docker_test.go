package docker

import (
	"archive/tar"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cnalab/labs"
	"cnalab/labs/check"
	"cnalab/labs/check/checktest"
)

func TestSubject(t *testing.T) { checktest.RunSubject(t) }

func init() {
	checktest.Subjects["docker: builds"] = func(c *check.C) {
		built := Open(c).Build(Open(c).Context())
		want := []BuildStep{{"FROM cnalab/go:1.26", "aaaaaaaaaaaa"}, {"RUN go build", "bbbbbbbbbbbb"}}
		if built.ID != "sha256:made" || !slices.Equal(built.Steps, want) || built.Steps[0].Run() || !built.Steps[1].Run() {
			c.NotYet(check.Finding{Say: "The build is read wrongly.", Got: built})
		}
	}
	checktest.Subjects["docker: fails at"] = func(c *check.C) {
		step, fails := Open(c).FailsAt(Open(c).Context())
		c.NotYet(check.Finding{Say: "It was built.", Got: []any{step, fails}})
	}
	checktest.Subjects["docker: runs a command"] = func(c *check.C) {
		container := Open(c).Start("made", "8080/tcp", nil)
		if output, status := container.Exec("psql"); output != "out\nerr" || status != 3 || !slices.Equal(container.Commands(), []string{"go build ./order"}) {
			c.NotYet(check.Finding{Say: "The command is read wrongly.", Got: []any{output, status, container.Commands()}})
		}
	}
	checktest.Subjects["docker: starts"] = func(c *check.C) {
		container := Open(c).Start("made", "8080/tcp", nil)
		if container.Address("8080/tcp") != "127.0.0.1:4711" || container.Output() != "out\nerr" {
			c.NotYet(check.Finding{Say: "The container is read wrongly.", Got: container.Address("8080/tcp") + container.Output()})
		}
		container.Replace()
	}
}

// engine is a Docker engine in which nothing runs.
type engine struct {
	mu    sync.Mutex
	asked []string
	files []string       // of the last build
	made  map[string]any // the last container
	build string         // what it says of a build
	first string         // what it says of the next build, where that is another thing
}

func newEngine(t *testing.T, dockerfile string) *engine {
	t.Helper()
	e := &engine{}
	server := httptest.NewServer(e)
	t.Cleanup(server.Close)
	t.Setenv(labs.EnvDocker, strings.Replace(server.URL, "http://", "tcp://", 1))
	dir := t.TempDir()
	t.Setenv(labs.EnvWorkspace, dir)
	for name, text := range map[string]string{"Dockerfile": dockerfile, ".dockerignore": "*.md\nnotes\n", "main.go": "package main", "README.md": "", "notes/a.txt": ""} {
		if dockerfile == "" && name == "Dockerfile" {
			continue
		}
		os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755)
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return e
}

// says sets what it says of the next build.
func (e *engine) says(build string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.build = build
}

// heard is what it was asked until now.
func (e *engine) heard() (asked, files []string, made map[string]any) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.asked), e.files, e.made
}

const madeContainer = `{"Id":"container","Name":"/order","Image":"sha256:made","State":{"Running":true},
	"Config":{"Image":"made","Hostname":"container","Env":["A=b"]},
	"HostConfig":{"Binds":["orders:/data"],"Runtime":"runc","MaskedPaths":["/proc/x"],"NetworkMode":"shop"},
	"NetworkSettings":{"Ports":{"8080/tcp":[{"HostIp":"127.0.0.1","HostPort":"4711"}]},"Networks":{"shop":{"Aliases":["order"]}}}}`

func (e *engine) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	e.mu.Lock()
	defer e.mu.Unlock()
	path := strings.TrimPrefix(r.URL.Path, "/v1.41")
	e.asked = append(e.asked, r.Method+" "+path)
	switch {
	case path == "/build":
		e.files = names(r.Body)
		says := e.build
		if e.first != "" {
			says, e.first = e.first, ""
		}
		io.WriteString(w, says)
	case strings.HasSuffix(path, "/top"):
		io.WriteString(w, `{"Titles":["PID","COMMAND"],"Processes":[["1","go build ./order"]]}`)
	case strings.HasSuffix(path, "/exec"):
		io.WriteString(w, `{"Id":"command"}`)
	case path == "/exec/command/json":
		io.WriteString(w, `{"ExitCode":3}`)
	case strings.HasSuffix(path, "/logs"), path == "/exec/command/start":
		io.WriteString(w, "\x01\x00\x00\x00\x00\x00\x00\x04out\n\x02\x00\x00\x00\x00\x00\x00\x04err\n")
	case path == "/containers/create":
		e.made = nil
		json.NewDecoder(r.Body).Decode(&e.made)
		io.WriteString(w, `{"Id":"container"}`)
	case strings.HasSuffix(path, "/start") && e.build == "does not start":
		w.WriteHeader(http.StatusBadRequest)
		io.WriteString(w, `{"message":"no such file: /order"}`)
	case strings.HasPrefix(path, "/containers/"):
		io.WriteString(w, madeContainer)
	case strings.HasPrefix(path, "/images/"):
		io.WriteString(w, `{"Id":"sha256:made"}`)
	}
}

func names(archive io.Reader) (found []string) {
	for r := tar.NewReader(archive); ; {
		header, err := r.Next()
		if errors.Is(err, io.EOF) {
			return found
		} else if err != nil {
			return []string{err.Error()}
		}
		found = append(found, header.Name)
	}
}

func TestBuild(t *testing.T) {
	const begins = `{"stream":"Step 1/2 : FROM cnalab/go:1.26\n"}{"stream":" ---\u003e aaaaaaaaaaaa\n"}{"stream":"Step 2/2 : RUN go build\n"}`
	for name, test := range map[string]struct {
		dockerfile, says string
		want             labs.Verdict
		say, at          string
	}{
		"builds":              {"FROM x", begins + `{"stream":" ---\u003e bbbbbbbbbbbb\n"}{"stream":"Successfully built bbbbbbbbbbbb\n"}`, labs.Passed, "", ""},
		"no Dockerfile":       {"", "", labs.NotYet, "There is no Dockerfile in the workspace.", ""},
		"a command fails":     {"FROM x", begins + `{"error":"returned a non-zero code: 1"}`, labs.NotYet, "The Dockerfile does not build.", "Dockerfile"},
		"the code is wrong":   {"FROM x", begins + `{"stream":"order/main.go:7:2: undefined: x\n"}{"error":"code: 1"}`, labs.CouldNotCheck, "The code does not build in the image.", "order/main.go:7"},
		"modules are away":    {"FROM x", begins + `{"stream":"\u001b[91morder/main.go:7:2: module lookup disabled by GOPROXY=off\n"}{"error":"code: 1"}`, labs.NotYet, "The code does not find its modules where it is compiled.", "Dockerfile"},
		"an image below goes": {"FROM x", begins + `{"stream":"Step 3/3 : LABEL cnalab.start=1\n"}{"error":"unknown parent image ID sha256:cccccccccccc"}`, labs.CouldNotCheck, "An image that the build goes on from was removed meanwhile.", ""},
		"BuildKit is wanted":  {"FROM x", begins + `{"error":"the --mount option requires BuildKit. Refer to docs"}`, labs.NotYet, "The Dockerfile uses an option of BuildKit, and the check builds with Docker's legacy builder.", "Dockerfile"},
		"no such image":       {"FROM x", `{"error":"pull access denied for x, repository does not exist"}`, labs.NotYet, "The Dockerfile begins with an image that is not here.", "Dockerfile"},
		"the disk is full":    {"FROM x", begins + `{"error":"write /x: no space left on device"}`, labs.CouldNotCheck, "The Docker engine's disk is full.", ""},
		"the engine ends":     {"FROM x", begins + `{"stream":`, labs.CouldNotCheck, "The Docker engine does not answer.", ""},
		"it is no Dockerfile": {"FRM x", `{"error":"unknown instruction: FRM"}`, labs.NotYet, "The Dockerfile does not build.", "Dockerfile"},
	} {
		t.Run(name, func(t *testing.T) {
			e := newEngine(t, test.dockerfile)
			e.says(test.says)
			got := checktest.Result(t, "docker: builds")
			if got.Verdict != test.want || got.Say != test.say || got.At != test.at {
				t.Errorf("got %+v", got)
			}
			if test.dockerfile == "" {
				return
			}
			asked, files, _ := e.heard()
			if diff := cmp.Diff([]string{".dockerignore", "Dockerfile", "main.go"}, files); diff != "" {
				t.Errorf("what was sent:\n%s", diff)
			}
			if last := asked[len(asked)-1]; !strings.HasPrefix(last, "DELETE /images/check-") {
				t.Errorf("the image stays: %s", last)
			}
		})
	}
}

// A build that failed once, and does not when it is tried again, is the fault of
// no Dockerfile.
func TestBuildThatFailsOnce(t *testing.T) {
	const begins = `{"stream":"Step 1/2 : FROM cnalab/go:1.26\n"}{"stream":" ---\u003e aaaaaaaaaaaa\n"}{"stream":"Step 2/2 : RUN go build\n"}`
	for name, once := range map[string]string{
		"a layer went":    `{"error":"unknown parent image ID sha256:cccccccccccc"}`,
		"its memory went": `{"error":"The command '/bin/sh -c go build' returned a non-zero code: 137"}`,
		"another thing":   `{"error":"error creating overlay mount"}`,
	} {
		t.Run(name, func(t *testing.T) {
			e := newEngine(t, "FROM x")
			e.first = begins + once
			e.says(begins + `{"stream":" ---\u003e bbbbbbbbbbbb\n"}{"stream":"Successfully built bbbbbbbbbbbb\n"}`)
			if got := checktest.Result(t, "docker: builds"); got.Verdict != labs.Passed {
				t.Errorf("got %+v", got)
			}
		})
	}
	e := newEngine(t, "FROM x")
	e.first = begins + `{"error":"unknown parent image ID sha256:cccccccccccc"}`
	e.says(begins + `{"error":"code: 1"}`)
	if got := checktest.Result(t, "docker: fails at"); got.Got != "[1 true]" {
		t.Errorf("got %+v", got)
	}
}

func TestStepsThatTheDockerfileDoesNotHaveAreNotShown(t *testing.T) {
	e := newEngine(t, "FROM x\nLABEL of=shop")
	e.says(`{"stream":"Step 1/3 : FROM x\n"}{"stream":"Step 2/3 : LABEL of=shop\n"}{"stream":"Step 3/3 : LABEL cnalab.start=1\n"}{"error":"\u001b[91mno\u001b[0m"}`)
	got := checktest.Result(t, "docker: builds")
	if got.Got != "LABEL of=shop" || strings.Contains(got.Output, "\x1b") || strings.Contains(got.Output, "cnalab") {
		t.Errorf("got %+v", got)
	}
}

func TestCommandInAContainer(t *testing.T) {
	newEngine(t, "FROM x")
	if got := checktest.Result(t, "docker: runs a command"); got.Verdict != labs.Passed {
		t.Errorf("got %+v", got)
	}
}

func TestProgramsOfAnImage(t *testing.T) {
	for name, test := range map[string]struct {
		mode    int64
		content string
		want    bool
	}{
		"order": {0o755, "\x7fELF...", true}, "entry": {0o755, "#!/bin/sh", true}, "ld-musl.so.1": {0o755, "\x7fELF...", false},
		"orders": {0o644, "\x7fELF...", false}, "passwd": {0o755, "root", false}, "empty": {0o755, "", false},
	} {
		if got := isProgram(&tar.Header{Name: name, Typeflag: tar.TypeReg, Mode: test.mode}, strings.NewReader(test.content)); got != test.want {
			t.Errorf("%s: got %v", name, got)
		}
	}
}

func TestStepAtWhichABuildFails(t *testing.T) {
	e := newEngine(t, "FROM x")
	e.says(`{"stream":"Step 1/2 : FROM x\n"}{"stream":"Step 2/2 : RUN go build\n"}{"error":"code: 1"}`)
	if got := checktest.Result(t, "docker: fails at"); got.Got != "[1 true]" {
		t.Errorf("got %+v", got)
	}
	e.says(`{"stream":"Step 1/1 : FROM x\n"}`)
	if got := checktest.Result(t, "docker: fails at"); got.Got != "[0 false]" {
		t.Errorf("got %+v", got)
	}
}

func TestContainerIsReplacedByItsLike(t *testing.T) {
	e := newEngine(t, "FROM x")
	if got := checktest.Result(t, "docker: starts"); got.Verdict != labs.Passed {
		t.Fatalf("got %+v", got)
	}
	want := map[string]any{"Image": "made", "Env": []any{"A=b"}, "HostConfig": map[string]any{"Binds": []any{"orders:/data"}, "NetworkMode": "shop"}}
	asked, _, made := e.heard()
	if diff := cmp.Diff(want, made); diff != "" {
		t.Errorf("it is made as another (-want +got):\n%s", diff)
	}
	if i := slices.Index(asked, "DELETE /containers/container"); i < 0 || !slices.Contains(asked[i:], "POST /networks/shop/connect") {
		t.Errorf("asked: %v", asked)
	}
	e.says("does not start")
	if got := checktest.Result(t, "docker: starts"); got.Verdict != labs.NotYet || got.Got != "no such file: /order" {
		t.Errorf("got %+v", got)
	}
}

func TestNoEngineCannotBeChecked(t *testing.T) {
	newEngine(t, "FROM x")
	t.Setenv(labs.EnvDocker, "unix:///nowhere/docker.sock")
	if got := checktest.Result(t, "docker: builds"); got.Verdict != labs.CouldNotCheck || got.Say != "The Docker engine does not answer." {
		t.Errorf("got %+v", got)
	}
	t.Setenv(labs.EnvDocker, "")
	if got := checktest.Result(t, "docker: starts"); got.Verdict != labs.CouldNotCheck || got.Say != "There is no Docker engine to ask." {
		t.Errorf("got %+v", got)
	}
}

func TestBuildThatHangsIsToldFromOneThatIsSlow(t *testing.T) {
	for step, hangs := range map[string]bool{
		"RUN sleep infinity": true, "RUN /order": true, "run sleep infinity": true, "RUN go build -o /order ./order && sleep infinity": true,
		"RUN go build -o /order ./order && /order": true, "RUN go run ./order": true, "RUN mkdir /data && /order": true,
		"RUN go build -o /order ./order": false, "RUN CGO_ENABLED=0 go build -o /order ./order": false, "RUN go mod download": false, "COPY . .": false,
		`RUN ["go", "-C", "/src", "build", "./order"]`: false, "RUN cd order && go build -o /order . && chmod 755 /order": false,
	} {
		said := buildOutput{steps: []BuildStep{{Text: step}}, since: time.Now().Add(-WaitLimit)}
		if said.hangs() != hangs {
			t.Errorf("%s: got %v", step, !hangs)
		}
		said.since = time.Now()
		if said.hangs() {
			t.Errorf("%s: it has begun just now", step)
		}
	}
	if new(buildOutput).hangs() {
		t.Error("a build hangs that has not begun")
	}
	for step, waits := range map[string]bool{"RUN sleep infinity": true, "RUN go build -trimpath -o /order ./order && /order version": false} {
		if said := (&buildOutput{steps: []BuildStep{{Text: step}}, since: time.Now().Add(-WaitLimit)}); said.waits() != waits {
			t.Errorf("%s: waits %v", step, !waits)
		}
	}
}

func TestMountOfAFolder(t *testing.T) {
	container := &Container{Mounts: []Mount{{Name: "notes", Destination: "/notes"}, {Name: "var", Destination: "/var"}, {Name: "data", Destination: "/var/data"}}}
	for folder, want := range map[string]string{"/var/data": "data", "/var/data/x": "data", "/var/database": "var", "/data": "", "/notes": "notes"} {
		if got, found := container.MountOf(folder); got.Name != want || found != (want != "") {
			t.Errorf("%s: got %+v", folder, got)
		}
	}
}
