package docker_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"cnalab/fixtures/images"
	"cnalab/labs"
	"cnalab/server/sandbox"
	"cnalab/server/sandbox/sandboxtest"
)

// What a learner makes with the docker command goes with the sandbox, also
// what runs, and what has no name.
func TestWhatTheLearnerMakesGoesWithTheSandbox(t *testing.T) {
	needEngine(t)
	p := provider(sandboxtest.Folder(t))
	t.Cleanup(func() { p.Close() })
	lab := sandboxtest.Lab(labs.Part{Name: "docker", Kind: labs.KindDocker})
	workspace := t.TempDir()
	if err := os.WriteFile(workspace+"/Dockerfile", []byte("FROM "+images.Base+"\nRUN echo hello > /hello\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	open, err := p.Open(t.Context(), sandbox.Request{Lab: lab, Learner: "test", Workspace: workspace})
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{"build -q -t mine:1 .", "network create own", "volume create kept",
		"run -d --name busy --network own -v kept:/kept -v /nameless mine:1 sleep 1000"} {
		docker := exec.Command("docker", strings.Fields(line)...)
		docker.Dir, docker.Env = workspace, append(os.Environ(), open.Environment()...)
		if out, err := docker.CombinedOutput(); err != nil {
			t.Fatalf("docker %s: %v\n%s", line, err, out)
		}
	}
	if err := open.Close(); err != nil {
		t.Error(err)
	}
	for _, left := range inEngine("", "") {
		t.Errorf("left behind: %s", left)
	}
	if out, _ := exec.Command("docker", "images", "-q", "mine").Output(); len(out) > 0 {
		t.Errorf("the image is left behind: %s", out)
	}
}
