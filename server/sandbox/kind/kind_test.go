package kind_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"cnalab/fixtures/images"
	"cnalab/labs"
	"cnalab/server/sandbox"
	"cnalab/server/sandbox/kind"
	"cnalab/server/sandbox/kind/kube"
	"cnalab/server/sandbox/reaper"
)

// lab is what the tests open: one control plane, one worker.
var lab = &labs.Lab{ID: "contract", Number: "998", Folder: "998-contract",
	Needs: []labs.Need{labs.Kubernetes}, Cluster: labs.Cluster{Workers: 1}}

// loaded is an image that every engine has which the tests run with, and that
// no node has.
const loaded = images.Base

// holdVariable tells this test binary to hold a sandbox open, with that data
// folder.
const holdVariable = "CNALAB_KIND_HOLD"

func TestMain(m *testing.M) {
	reaper.Main(kind.Sweep)
	if data := os.Getenv(holdVariable); data != "" {
		hold(data)
	}
	os.Exit(m.Run())
}

func hold(data string) {
	box, err := provider(data).Open(context.Background(), sandbox.Request{Lab: lab, Learner: "holder", Workspace: data})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	text, _ := json.Marshal(box.Environment())
	fmt.Println(string(text))
	select {}
}

func provider(data string) *kind.Provider {
	return kind.New(kind.Config{Data: data, Images: []string{loaded}})
}

// needEngine skips a test where no engine answers or it lacks the images, but
// for where one is required.
func needEngine(t testing.TB) {
	t.Helper()
	err := provider(t.TempDir()).Offers(t.Context(), lab)
	if err == nil {
		return
	}
	if strings.Contains(os.Getenv("CNALAB_REQUIRE"), "docker") {
		t.Fatalf("a Docker engine that can make a cluster is required here: %v", err)
	}
	t.Skipf("needs a Docker engine that can make a cluster: %v", err)
}

// suite is one provider with the sandbox that is open; clusters are dear, so
// the tests share them.
type suite struct {
	*testing.T
	provider *kind.Provider
	data     string
	box      sandbox.Sandbox
	mu       sync.Mutex
	stages   []string // that have ended well
}

// TestCancel comes first: there is no other cluster yet that the machine would
// have to carry as well.
func TestCancel(t *testing.T) {
	needEngine(t)
	data := t.TempDir()
	p := provider(data)
	for _, after := range []time.Duration{0, 300 * time.Millisecond, 1500 * time.Millisecond, 4 * time.Second, 10 * time.Second} {
		ctx, cancel := context.WithTimeout(t.Context(), after)
		_, err := p.Open(ctx, sandbox.Request{Lab: lab, Learner: "hasty", Workspace: data})
		cancel()
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("given up after %v: %v", after, err)
		}
		nothingLeft(t, data, "hasty")
	}
	if err := p.Close(); err != nil {
		t.Error(err)
	}
}

// TestKilledWhileItOpens kills the program at several moments: its reaper does
// the rest.
func TestKilledWhileItOpens(t *testing.T) {
	needEngine(t)
	for _, after := range []time.Duration{time.Second, 2 * time.Second, 3500 * time.Millisecond, 8 * time.Second} {
		data := t.TempDir()
		_, kill := holder(t, data)
		time.Sleep(after)
		kill()
		reaped(t, data)
	}
}

// holder starts this test's binary anew, to open a sandbox and hold it. It
// returns what it says and how to kill it.
func holder(t *testing.T, data string) (said io.Reader, kill func()) {
	t.Helper()
	program := exec.Command(os.Args[0])
	program.Env = append(os.Environ(), holdVariable+"="+data)
	program.Stderr = os.Stderr
	said, err := program.StdoutPipe()
	if err == nil {
		err = program.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	kill = sync.OnceFunc(func() { program.Process.Kill(); program.Wait() })
	t.Cleanup(kill)
	return said, kill
}

// reaped waits for the holder's reaper, and sweeps what is in the data folder.
func reaped(t *testing.T, data string) {
	t.Helper()
	within(t, 30*time.Second, func() error {
		if left := inEngine(t, "holder"); len(left) > 0 {
			return fmt.Errorf("left: %q", left)
		}
		return nil
	})
	if err := provider(data).Sweep(); err != nil {
		t.Error(err)
	}
	nothingLeft(t, data, "holder")
}

func TestSandbox(t *testing.T) {
	needEngine(t)
	data := t.TempDir()
	s := &suite{T: t, provider: provider(data), data: data}
	t.Cleanup(func() {
		if err := s.provider.Close(); err != nil {
			t.Errorf("close the provider: %v", err)
		}
		nothingLeft(t, data, "test", "spare")
	})
	s.open()
	t.Run("opens", s.testOpen)
	t.Run("kubectl", s.testKubectl)
	t.Run("faults", s.testFaults)
	t.Run("killed from outside", s.testCrash)
	t.Run("handed on clean", s.testHandedOn)
	t.Run("two at once, and one is killed", s.testKilled)
}

func (s *suite) open() time.Duration {
	s.Helper()
	ctx, cancel := context.WithTimeout(s.Context(), 5*time.Minute)
	defer cancel()
	began := time.Now()
	box, err := s.provider.Open(ctx, sandbox.Request{Lab: lab, Learner: "test", Workspace: s.data, Progress: s.see})
	if err != nil {
		p := labs.AsProblem(err)
		s.Fatalf("open: %v\n%s", err, p.Detail)
	}
	s.box = box
	return time.Since(began)
}

func (s *suite) see(event sandbox.Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if event.Stage != nil && event.Stage.Done && event.Stage.Err == "" {
		s.stages = append(s.stages, event.Stage.Name)
	}
}

func (s *suite) testOpen(t *testing.T) {
	for _, want := range []string{"make network", "prepare nodes", "write configuration", "start control plane", "install the network",
		"install storage", "join workers", "load images", "wait for nodes", "hand over the nodes"} {
		if !slices.Contains(s.stages, want) {
			t.Errorf("no stage %q in %q", want, s.stages)
		}
	}
	var names []string
	for _, p := range s.box.Parts() {
		names = append(names, p.Name)
		if p.Kind != "node" || p.State != sandbox.Running || p.Address == "" {
			t.Errorf("part %+v", p)
		}
	}
	if !slices.Equal(names, []string{"control-plane", "worker"}) {
		t.Errorf("parts are %q", names)
	}
	info, err := os.Stat(variable(s.box, labs.EnvKube))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("kubeconfig: %v, %v", info, err)
	}
	if got := variable(s.box, labs.EnvSandbox); got != "kind" {
		t.Errorf("the sandbox says it is %q", got)
	}
	for _, number := range labs.NodePorts {
		if got := variable(s.box, labs.EnvNodePort(number)); !strings.HasPrefix(got, "127.0.0.1:") {
			t.Errorf("port %d is at %q", number, got)
		}
	}
	out := s.kubectl(t, "get", "nodes", "--no-headers")
	if strings.Count(out, " Ready ") != 2 {
		t.Errorf("nodes:\n%s", out)
	}
	within(t, 20*time.Second, func() error {
		if lines := s.box.Log("worker", 20); len(lines) == 0 {
			return errors.New("the worker has logged nothing")
		}
		return nil
	})
}

// testKubectl is what a machine without one gets: it runs there.
func (s *suite) testKubectl(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("a node's programs run on Linux alone")
	}
	path := filepath.Join(t.TempDir(), "kubectl")
	if err := kind.CopyKubectl(t.Context(), s.worker(t), path); err != nil {
		t.Fatal(err)
	}
	c := exec.Command(path, "get", "nodes", "-o", "name")
	c.Env = append(os.Environ(), s.box.Environment()...)
	if out, err := c.CombinedOutput(); err != nil || strings.Count(string(out), "node/") != 2 {
		t.Errorf("%v\n%s", err, out)
	}
}

func (s *suite) testFaults(t *testing.T) {
	for _, fault := range []labs.FaultKind{labs.Slow, labs.Cut} {
		err := s.box.Fault(t.Context(), "worker", sandbox.Fault{Kind: fault})
		if p := labs.AsProblem(err); err == nil || p.Kind != labs.BadInput || p.Next == "" {
			t.Errorf("%s: %v", fault, err)
		}
	}
	for _, fault := range []labs.FaultKind{labs.Pause, labs.Stop} {
		if err := s.box.Fault(t.Context(), "worker", sandbox.Fault{Kind: fault}); err != nil {
			t.Fatalf("%s: %v", fault, err)
		}
		if state := s.state("worker"); state != sandbox.Paused && state != sandbox.Stopped {
			t.Errorf("after %s it is %s", fault, state)
		}
		if err := s.box.Heal(t.Context(), "worker"); err != nil {
			t.Fatalf("heal %s: %v", fault, err)
		}
		if state := s.state("worker"); state != sandbox.Running {
			t.Errorf("healed it is %s", state)
		}
		if out := s.kubectl(t, "get", "nodes", "--no-headers"); strings.Count(out, " Ready ") != 2 {
			t.Errorf("healed from %s:\n%s", fault, out)
		}
	}
}

func (s *suite) testCrash(t *testing.T) {
	crashed := make(chan sandbox.Part, 10)
	defer s.box.Subscribe(func(e sandbox.Event) {
		if e.Part != nil && e.Part.State == sandbox.Crashed {
			crashed <- *e.Part
		}
	})()
	docker(t, "kill", s.worker(t))
	select {
	case p := <-crashed:
		if p.Name != "worker" || !strings.Contains(p.Say, "killed") {
			t.Errorf("told of %+v", p)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("nobody was told that the node was killed")
	}
	within(t, time.Minute, func() error {
		if state := s.state("worker"); state != sandbox.Running {
			return fmt.Errorf("it is %s", state)
		}
		return nil
	})
}

// litter is what a learner leaves in every corner.
const litter = `
apiVersion: v1
kind: PersistentVolume
metadata: {name: by-hand}
spec: {accessModes: [ReadWriteOnce], capacity: {storage: 1Mi}, hostPath: {path: /mnt/by-hand}, storageClassName: manual}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data, namespace: shop}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Mi}}}
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: foos.example.org}
spec: {group: example.org, scope: Namespaced, names: {plural: foos, kind: Foo}, versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: by-hand}
rules: []
`

func (s *suite) testHandedOn(t *testing.T) {
	before := s.names(t)
	s.kubectl(t, "create", "namespace", "shop")
	s.kubectl(t, "-n", "shop", "create", "deployment", "web", "--image="+loaded, "--replicas=2", "--", "sleep", "1000")
	s.kubectl(t, "create", "deployment", "web", "--image="+loaded, "--", "sleep", "1000")
	s.kubectl(t, "-n", "shop", "rollout", "status", "deployment/web", "--timeout=60s") // the image was loaded
	s.apply(t, litter)
	worker := s.worker(t)
	s.kubectl(t, "label", "node", worker, "tier=front")
	s.kubectl(t, "drain", worker, "--ignore-daemonsets", "--force", "--timeout=60s")
	docker(t, "exec", worker, "sh", "-c", "mkdir /mnt/by-hand && touch /mnt/by-hand/file && ctr -n k8s.io images tag docker.io/"+loaded+" docker.io/library/mine:1")
	if err := s.box.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.box.Close(); err != nil {
		t.Errorf("closed twice: %v", err)
	}
	waited := s.open() // it is being cleaned, and waited for
	t.Logf("open, with the cleaning: %v", waited)
	if again := s.worker(t); again != worker {
		t.Errorf("the cluster was not handed on: %s, then %s", worker, again)
	}
	if after := s.names(t); !slices.Equal(before, after) {
		t.Errorf("before\n%s\nafter\n%s", strings.Join(before, "\n"), strings.Join(after, "\n"))
	}
	if out := s.kubectl(t, "get", "node", worker, "-o", "json"); strings.Contains(out, "unschedulable") || strings.Contains(out, "tier") {
		t.Errorf("the node is as the learner left it:\n%s", out)
	}
	if out := docker(t, "exec", worker, "ls", "/mnt"); out != "" {
		t.Errorf("a file is left: %s", out)
	}
	if err := s.box.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.provider.Warm(t.Context(), lab); err != nil { // waits for the cleaning
		t.Fatal(err)
	}
	if took := s.open(); took > 2*time.Second {
		t.Errorf("from the warm cluster it took %v", took)
	} else {
		t.Logf("open, from the warm cluster: %v", took)
	}
}

// names lists what the cluster holds that people can make.
func (s *suite) names(t *testing.T) []string {
	out := s.kubectl(t, "get", "namespaces,persistentvolumes,customresourcedefinitions,clusterroles,storageclasses,nodes", "-o", "name")
	out += s.kubectl(t, "get", "all,configmaps,secrets,persistentvolumeclaims", "-n", "default", "-o", "name")
	all := strings.Fields(out)
	slices.Sort(all)
	return all
}

// testKilled has another program, with a data folder of its own, hold a second
// cluster, and kills it.
func (s *suite) testKilled(t *testing.T) {
	data := t.TempDir()
	needEngine(t) // that carries a second one
	said, kill := holder(t, data)
	var env []string
	if err := json.NewDecoder(said).Decode(&env); err != nil {
		t.Fatalf("the holder: %v", err)
	}
	if err := s.provider.Sweep(); err != nil {
		t.Errorf("sweep while both live: %v", err)
	}
	theirs := config(t, env)
	s.kubectl(t, "create", "namespace", "mine")
	var space any
	if err := theirs.Do(t.Context(), "GET", "/api/v1/namespaces/default", nil, &space); err != nil {
		t.Errorf("the second does not answer: %v", err)
	}
	if err := theirs.Do(t.Context(), "GET", "/api/v1/namespaces/mine", nil, &space); err == nil {
		t.Error("the second sees the first's namespace")
	}
	kill()
	reaped(t, data)
	if state := s.state("worker"); state != sandbox.Running {
		t.Errorf("the one that lives has a worker that is %s", state)
	}
	s.kubectl(t, "get", "namespace", "mine")
}

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
