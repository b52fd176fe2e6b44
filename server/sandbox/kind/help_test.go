package kind_test

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"cnalab/labs"
	"cnalab/server/sandbox"
	"cnalab/server/sandbox/kind/kube"
)

// nothingLeft looks for leases in the data folder and for what the engine has
// of these learners.
func nothingLeft(t *testing.T, data string, learners ...string) {
	t.Helper()
	files, _ := os.ReadDir(data + "/run/clusters")
	for _, f := range files {
		t.Errorf("left in the data folder: %s", f.Name())
	}
	for _, learner := range learners {
		for _, left := range inEngine(t, learner) {
			t.Errorf("left in the engine: %s", left)
		}
	}
}

func (s *suite) state(part string) sandbox.State {
	for _, p := range s.box.Parts() {
		if p.Name == part {
			return p.State
		}
	}
	return ""
}

func (s *suite) worker(t *testing.T) string {
	out := s.kubectl(t, "get", "nodes", "-o", "name", "--selector", "!node-role.kubernetes.io/control-plane")
	return strings.TrimPrefix(strings.TrimSpace(out), "node/")
}

// kubectl runs what a terminal would: the command on the sandbox's PATH.
func (s *suite) kubectl(t *testing.T, args ...string) string {
	t.Helper()
	return s.command(t, "", args...)
}

func (s *suite) apply(t *testing.T, manifest string) {
	t.Helper()
	s.command(t, manifest, "apply", "-f", "-")
}

func (s *suite) command(t *testing.T, input string, args ...string) string {
	t.Helper()
	c := exec.Command("sh", append([]string{"-c", `exec kubectl "$@"`, "sh"}, args...)...)
	c.Env = append(os.Environ(), s.box.Environment()...)
	c.Stdin = strings.NewReader(input)
	var out, errs strings.Builder
	c.Stdout, c.Stderr = &out, &errs
	if err := c.Run(); err != nil {
		t.Fatalf("kubectl %q: %v\n%s%s", args, err, out.String(), errs.String())
	}
	return out.String()
}

func docker(t *testing.T, args ...string) string {
	t.Helper()
	out, err := exec.Command("docker", args...).CombinedOutput()
	if err != nil {
		t.Fatalf("docker %q: %v\n%s", args, err, out)
	}
	return string(out)
}

// inEngine names what the engine has of a learner's clusters: networks, and
// nodes in them or that have lost theirs.
func inEngine(t *testing.T, learner string) (found []string) {
	t.Helper()
	networks := strings.Fields(docker(t, "network", "ls", "--filter", "label=cnalab.learner="+learner, "--filter", "label=cnalab.cluster", "--format", "{{.Name}}"))
	for _, name := range networks {
		found = append(append(found, name), strings.Fields(docker(t, "ps", "-aq", "--filter", "label=io.x-k8s.kind.cluster="+name))...)
	}
	all := strings.Fields(docker(t, "network", "ls", "--format", "{{.Name}}"))
	for _, name := range strings.Fields(docker(t, "ps", "-a", "--filter", "label=io.x-k8s.kind.cluster", "--format", `{{.Label "io.x-k8s.kind.cluster"}}`)) {
		if !slices.Contains(all, name) && !slices.Contains(all, "kind") {
			found = append(found, "a node of "+name+" without a network")
		}
	}
	return found
}

func variable(box sandbox.Sandbox, name string) string { return value(box.Environment(), name) }

func value(env []string, name string) string {
	for _, pair := range env {
		if is, ok := strings.CutPrefix(pair, name+"="); ok {
			return is
		}
	}
	return ""
}

func config(t *testing.T, env []string) *kube.Client {
	t.Helper()
	text, err := os.ReadFile(value(env, labs.EnvKube))
	if err != nil {
		t.Fatal(err)
	}
	c, err := kube.New(text)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func within(t *testing.T, limit time.Duration, look func() error) {
	t.Helper()
	for end := time.Now().Add(limit); ; time.Sleep(50 * time.Millisecond) {
		err := look()
		if err == nil {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("after %v: %v", limit, err)
		}
	}
}
