package kind_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
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
	"cnalab/fixtures/require"
	"cnalab/labs"
	"cnalab/server/sandbox"
	"cnalab/server/sandbox/cleanup"
	"cnalab/server/sandbox/kind"
	"cnalab/server/sandbox/sandboxtest"
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
	cleanup.ReaperMain(kind.Sweep)
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
	require.Missing(t, "docker", err.Error())
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
	t.Run("inside", s.testInside)
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

func (s *suite) testInside(t *testing.T) {
	printed := sandboxtest.Inside(t, s.box, "kubectl get nodes -o name | sort; curl -s -o /dev/null -m 5 $NODEPORT_30080; echo curl says $?")
	for _, want := range []string{"-control-plane\r\n", "-worker\r\n", "curl says 7"} { // 7: nothing listens there yet
		if !strings.Contains(printed, want) {
			t.Errorf("no %q in what was printed:\n%s", want, printed)
		}
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

// testCrash kills each node as another program would, the one with the cluster's
// own state too.
func (s *suite) testCrash(t *testing.T) {
	crashed := make(chan sandbox.Part, 10)
	defer s.box.Subscribe(func(e sandbox.Event) {
		if e.Part != nil && e.Part.State == sandbox.Crashed {
			crashed <- *e.Part
		}
	})()
	worker := s.worker(t)
	for node, container := range map[string]string{"worker": worker, "control-plane": strings.TrimSuffix(worker, "worker") + "control-plane"} {
		docker(t, "kill", container)
		select {
		case p := <-crashed:
			if p.Name != node || !strings.Contains(p.Say, "killed") {
				t.Errorf("told of %+v", p)
			}
		case <-time.After(10 * time.Second):
			t.Fatalf("nobody was told that %s was killed", node)
		}
		within(t, time.Minute, func() error {
			if state := s.state(node); state != sandbox.Running {
				return fmt.Errorf("%s is %s", node, state)
			}
			return nil
		})
		if out := s.kubectl(t, "get", "nodes", "--no-headers"); strings.Count(out, " Ready ") != 2 {
			t.Errorf("after %s was killed:\n%s", node, out)
		}
	}
}
