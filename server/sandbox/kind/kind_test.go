package kind_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
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
var lab = sandboxtest.ClusterLab()

// root is the repository's.
var root = filepath.Join("..", "..", "..")

// loaded is an image that every engine has which the tests run with, and that
// no node has.
const loaded = images.Base

func TestMain(m *testing.M) {
	cleanup.ReaperMain(kind.Sweep)
	sandboxtest.Hold(provider)
	os.Exit(m.Run())
}

func provider(data string) sandbox.Provider {
	return kind.New(kind.Config{Data: data, Kinds: sandboxtest.Kinds(root), Images: []string{loaded}})
}

// needEngine skips a test where no engine answers or it lacks the images, but
// for where one is required.
func needEngine(t testing.TB) {
	t.Helper()
	p := provider(t.TempDir())
	defer p.Close()
	if err := p.Offers(t.Context(), lab); err != nil {
		require.Missing(t, "docker", err.Error())
	}
}

var options = sandboxtest.Options{New: provider, Root: root, Left: left, Lag: 30 * time.Second,
	Has: sandboxtest.Features{Nodes: true, Inside: true}, Kill: kill}

func TestContract(t *testing.T) {
	needEngine(t)
	sandboxtest.Run(t, options)
}

// kill has the engine kill a node.
func kill(t *testing.T, s sandbox.Sandbox, part string) {
	t.Helper()
	name := strings.TrimSpace(kubectl(t, s, "get", "nodes", "-o", "name", "--selector", "!node-role.kubernetes.io/control-plane"))
	docker(t, "kill", strings.TrimSuffix(strings.TrimPrefix(name, "node/"), "worker")+part)
}

// TestKilledWhileItOpens kills the program at several moments: its reaper does
// the rest, but for the data folder.
func TestKilledWhileItOpens(t *testing.T) {
	needEngine(t)
	data, o := t.TempDir(), options
	o.Left = func(string, string) []string { return inEngine() }
	sandboxtest.KillAt(t, o, data, time.Second, 2*time.Second, 3500*time.Millisecond, 8*time.Second)
	p := kind.New(kind.Config{Data: data, Kinds: sandboxtest.Kinds(root)})
	if err := p.Sweep(); err != nil {
		t.Error(err)
	}
	nothingLeft(t, data)
}

// TestPool opens from the warm pool: quickly, and a cluster that nobody has had.
func TestPool(t *testing.T) {
	needEngine(t)
	data := t.TempDir()
	p := kind.New(kind.Config{Data: data, Kinds: sandboxtest.Kinds(root), Images: []string{loaded}, WarmPool: true})
	var before string
	for _, want := range []string{"the first", "the next, which was made while the first was open"} {
		if err := p.Warm(t.Context(), lab); err != nil { // waits for what is being made
			t.Fatal(err)
		}
		began := time.Now()
		s := open(t, p)
		if took := time.Since(began); took > 2*time.Second {
			t.Errorf("%s took %v from the pool", want, took)
		} else {
			t.Logf("%s, from the pool: %v", want, took)
		}
		nodes := kubectl(t, s, "get", "nodes", "-o", "name")
		if nodes == before || strings.Contains(kubectl(t, s, "get", "namespaces"), "mine") {
			t.Errorf("%s has been used: %s", want, nodes)
		}
		before = nodes
		kubectl(t, s, "create", "namespace", "mine")
		if err := p.Warm(t.Context(), lab); err != nil {
			t.Fatal(err)
		}
		if err := p.Sweep(); err != nil {
			t.Errorf("sweep while one is open and one in the pool: %v", err)
		}
		kubectl(t, s, "get", "namespace", "mine")
		began = time.Now()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if took := time.Since(began); took > time.Second {
			t.Errorf("the closing took %v", took)
		}
	}
	began := time.Now()
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	t.Logf("the end of the provider: %v", time.Since(began))
	nothingLeft(t, data)
}

// TestReopen is without a pool, while the one before is being removed.
func TestReopen(t *testing.T) {
	needEngine(t)
	data := t.TempDir()
	p := kind.New(kind.Config{Data: data, Kinds: sandboxtest.Kinds(root), Images: []string{loaded}})
	s := open(t, p)
	t.Run("is a cluster", func(t *testing.T) { testCluster(t, s) })
	t.Run("kubectl is copied", func(t *testing.T) { testKubectl(t, s) })
	t.Run("inside", func(t *testing.T) { testInside(t, s) })
	must(t, s.Close())
	began := time.Now()
	s = open(t, p)
	t.Logf("open, without a pool: %v", time.Since(began))
	if out := kubectl(t, s, "get", "nodes", "--no-headers"); strings.Count(out, " Ready ") != 2 {
		t.Errorf("nodes:\n%s", out)
	}
	must(t, p.Close())
	nothingLeft(t, data)
}

func testCluster(t *testing.T, s sandbox.Sandbox) {
	for _, p := range s.Parts() {
		if p.Kind != "node" {
			t.Errorf("part %+v", p)
		}
	}
	info, err := os.Stat(variable(s, labs.EnvKube))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("kubeconfig: %v, %v", info, err)
	}
	if got := variable(s, labs.EnvSandbox); got != "kind" {
		t.Errorf("the sandbox says it is %q", got)
	}
	for _, number := range labs.NodePorts {
		if got := variable(s, labs.EnvNodePort(number)); !strings.HasPrefix(got, "127.0.0.1:") {
			t.Errorf("port %d is at %q", number, got)
		}
	}
	if out := kubectl(t, s, "get", "nodes", "--no-headers"); strings.Count(out, " Ready ") != 2 {
		t.Errorf("nodes:\n%s", out)
	}
	kubectl(t, s, "create", "deployment", "web", "--image="+loaded, "--replicas=2", "--", "sleep", "1000")
	kubectl(t, s, "rollout", "status", "deployment/web", "--timeout=60s") // the image was loaded
}

// testKubectl is what a machine without one gets: it runs there.
func testKubectl(t *testing.T, s sandbox.Sandbox) {
	if runtime.GOOS != "linux" {
		t.Skip("a node's programs run on Linux alone")
	}
	node, _, _ := strings.Cut(strings.TrimPrefix(kubectl(t, s, "get", "nodes", "-o", "name"), "node/"), "\n")
	path := filepath.Join(t.TempDir(), "kubectl")
	if err := kind.CopyKubectl(t.Context(), node, path); err != nil {
		t.Fatal(err)
	}
	c := exec.Command(path, "get", "nodes", "-o", "name")
	c.Env = append(os.Environ(), s.Environment()...)
	if out, err := c.CombinedOutput(); err != nil || strings.Count(string(out), "node/") != 2 {
		t.Errorf("%v\n%s", err, out)
	}
}

func testInside(t *testing.T, s sandbox.Sandbox) {
	printed := sandboxtest.Inside(t, s, "kubectl get nodes -o name | sort; curl -s -o /dev/null -m 5 $NODEPORT_30080; echo curl says $?")
	for _, want := range []string{"-control-plane\r\n", "-worker\r\n", "curl says 7"} { // 7: nothing listens there yet
		if !strings.Contains(printed, want) {
			t.Errorf("no %q in what was printed:\n%s", want, printed)
		}
	}
}
