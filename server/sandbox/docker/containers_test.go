package docker_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"

	"cnalab/fixtures/images"
	"cnalab/fixtures/images/debian"
	imagesengine "cnalab/fixtures/images/engine"
	"cnalab/fixtures/images/tree"
	"cnalab/labs"
	"cnalab/labs/load"
	"cnalab/server/sandbox"
	"cnalab/server/sandbox/sandboxtest"
)

// A lab's containers are what lab.yaml says of them, and nothing here knows
// their images.
func TestContainersOfAnyImage(t *testing.T) {
	needEngine(t)
	makeImages(t)
	lab := containersLab(t)
	p := provider(sandboxtest.Folder(t))
	t.Cleanup(func() { p.Close() })
	s, err := p.Open(t.Context(), sandbox.Request{Lab: lab, Learner: "test", Workspace: writeWorkspace(t, t.TempDir(), "order")})
	if err != nil {
		t.Fatalf("%v\n%s", err, labs.AsProblem(err).Detail)
	}
	t.Cleanup(func() { s.Close() })
	web, cache := variable(t, s, labs.EnvPort("shop-web", "http")), variable(t, s, labs.EnvPort("cache", "redis"))
	if got := page(t, web); got != "from the lab's own file" {
		t.Errorf("the web server answers %q", got)
	}
	if got := ping(cache); got != "+PONG" {
		t.Errorf("the cache answers %q", got)
	}
	if got := sandboxtest.Inside(t, s, `curl -s http://shop-web/; echo; echo $CACHE_REDIS`); !strings.Contains(got, "from the lab's own file") || !strings.Contains(got, "\ncache:6379") {
		t.Errorf("inside the network: %q", got)
	}
	if err := s.Fault(t.Context(), "cache", sandbox.Fault{Kind: labs.Kill}); err != nil {
		t.Fatal(err)
	}
	if got := ping(cache); got == "+PONG" {
		t.Error("the cache answers when it is killed")
	}
	if err := s.Heal(t.Context(), "cache"); err != nil {
		t.Fatal(err)
	}
	if got := ping(cache); got != "+PONG" {
		t.Errorf("the cache answers %q when it is healed", got)
	}
}

// An image that is not here, and cannot be had, is told of in a sentence.
func TestImageThatCannotBeHad(t *testing.T) {
	needEngine(t)
	p := provider(sandboxtest.Folder(t))
	t.Cleanup(func() { p.Close() })
	lab := sandboxtest.Lab(labs.Part{Name: "web", Kind: labs.KindContainer, Image: "127.0.0.1:1/nothing/here:1", Ports: map[string]int{"http": 80}})
	var pulled []sandbox.Stage
	_, err := p.Open(t.Context(), sandbox.Request{Lab: lab, Learner: "test", Workspace: t.TempDir(), Progress: func(e sandbox.Event) {
		if e.Stage != nil && e.Stage.Name == "pull 127.0.0.1:1/nothing/here:1" { // stages are told one after another
			pulled = append(pulled, *e.Stage)
		}
	}})
	problem := labs.AsProblem(err)
	if len(pulled) != 2 || !pulled[1].Done || pulled[1].Err != problem.Say {
		t.Errorf("of pulling it is told %+v", pulled)
	}
	if err == nil || problem.Kind != labs.Machine || !strings.Contains(problem.Say, "nothing/here") || !strings.Contains(problem.Next, "images:import") {
		t.Errorf("got %+v", problem)
	}
	for _, left := range inEngine("", "") {
		t.Errorf("left behind: %s", left)
	}
}

func containersLab(t *testing.T) *labs.Lab {
	t.Helper()
	lab, broken := load.Lab(filepath.Join("testdata", "labs", "996-containers"))
	if len(broken) > 0 {
		t.Fatal(broken)
	}
	lab.Folder = sandboxtest.LabFolder // which is looked for when something is left
	return lab
}

// makeImages makes the lab's images of Debian's packages, where they are not here.
func makeImages(t *testing.T) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "images.yaml"))
	var all map[string]struct{ Packages, Command []string }
	if err == nil {
		err = yaml.Unmarshal(text, &all)
	}
	if err != nil {
		t.Fatal(err)
	}
	e, err := imagesengine.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	for name, image := range all {
		if id, err := e.ID(t.Context(), name); err == nil && id != "" {
			continue
		}
		command, _ := json.Marshal(image.Command)
		if _, err := e.Build(t.Context(), imagesengine.Build{Tag: name, Files: map[string]string{"files.tar": files(t, image.Packages)},
			Lines: []string{"FROM " + images.Base, "ADD files.tar /", "CMD " + string(command)}}); err != nil {
			t.Fatalf("build %s: %v", name, err)
		}
	}
}

// files is a tar file of what the packages have.
func files(t *testing.T, packages []string) string {
	t.Helper()
	store := &debian.Store{Dir: t.TempDir()}
	found, err := store.Fetch(t.Context(), packages)
	if err != nil {
		t.Fatal(err)
	}
	all, err := tree.New(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer all.Close()
	all.Merged = true
	for _, name := range packages {
		if err := debian.Unpack(t.Context(), all, found[name], func(name string) (string, bool) { return name, true }); err != nil {
			t.Fatal(err)
		}
	}
	for _, dir := range []string{"var/log/nginx", "var/lib/nginx", "var/lib/redis"} {
		all.Dir(dir, 0o777)
	}
	path := filepath.Join(t.TempDir(), "files.tar")
	if err := all.Save(path); err != nil {
		t.Fatal(err)
	}
	return path
}

func variable(t *testing.T, s sandbox.Sandbox, name string) string {
	t.Helper()
	for _, pair := range s.Environment() {
		if value, ok := strings.CutPrefix(pair, name+"="); ok {
			return value
		}
	}
	t.Fatalf("no %s in %q", name, s.Environment())
	return ""
}

func page(t *testing.T, address string) string {
	t.Helper()
	answer, err := (&http.Client{Timeout: 2 * time.Second}).Get("http://" + address)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, _ := io.ReadAll(answer.Body)
	return string(text)
}

// ping asks a cache whether it is there, and returns the first line it answers.
func ping(address string) string {
	conn, err := net.DialTimeout("tcp", address, 2*time.Second)
	if err != nil {
		return err.Error()
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(2 * time.Second))
	fmt.Fprint(conn, "PING\r\n")
	line, err := bufio.NewReader(conn).ReadString('\n')
	if err != nil {
		return err.Error()
	}
	return strings.TrimSpace(line)
}
