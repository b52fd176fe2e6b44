package kind_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cnalab/labs"
	"cnalab/server/sandbox"
	"cnalab/server/sandbox/kind"
	"cnalab/server/sandbox/sandboxtest"
)

func open(t testing.TB, p *kind.Provider) sandbox.Sandbox {
	t.Helper()
	t.Cleanup(func() { p.Close() })
	s, err := p.Open(t.Context(), sandbox.Request{Lab: lab, Learner: "test", Workspace: t.TempDir()})
	if err != nil {
		t.Fatalf("open: %v\n%s", err, labs.AsProblem(err).Detail)
	}
	return s
}

// kubectl runs what a terminal would: the command on the sandbox's PATH.
func kubectl(t *testing.T, s sandbox.Sandbox, args ...string) string {
	t.Helper()
	c := exec.Command("sh", append([]string{"-c", `exec kubectl "$@"`, "sh"}, args...)...)
	c.Env = append(os.Environ(), s.Environment()...)
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

func nothingLeft(t *testing.T, data string) {
	t.Helper()
	for _, l := range left(data, "") {
		t.Errorf("left behind: %s", l)
	}
}

// left names the records of the data folder and what the engine has of ours.
func left(data, _ string) (found []string) {
	files, _ := filepath.Glob(filepath.Join(data, "run", "clusters", "*"))
	return append(files, inEngine()...)
}

// inEngine names what the engine has of this run's clusters: networks, what is
// in them, and nodes that have lost theirs.
func inEngine() (found []string) {
	list := func(args ...string) []string {
		out, err := exec.Command("docker", args...).Output()
		if err != nil {
			found = append(found, err.Error())
		}
		return strings.Fields(string(out))
	}
	for _, name := range list("network", "ls", "--filter", "label=cnalab.lab="+sandboxtest.ClusterLabFolder, "--format", "{{.Name}}") {
		found = append(append(found, name), list("ps", "-aq", "--filter", "network="+name)...)
	}
	all := list("network", "ls", "--format", "{{.Name}}")
	for _, name := range list("ps", "-a", "--filter", "label=io.x-k8s.kind.cluster", "--format", `{{.Label "io.x-k8s.kind.cluster"}}`) {
		if strings.HasPrefix(name, "cnalab-") && !slices.Contains(all, name) {
			found = append(found, "a node of "+name+" without a network")
		}
	}
	return found
}

func variable(s sandbox.Sandbox, name string) string {
	for _, pair := range s.Environment() {
		if value, ok := strings.CutPrefix(pair, name+"="); ok {
			return value
		}
	}
	return ""
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
