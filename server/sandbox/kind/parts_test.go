package kind

import (
	"context"
	"errors"
	stdruntime "runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cnalab/labs"
	"cnalab/server/sandbox"
	"cnalab/server/sandbox/engine"
	"cnalab/server/sandbox/runtime"
	"cnalab/server/sandbox/sandboxtest"
)

// TestOffers turns down, before it asks any engine, what a cluster is not for.
func TestOffers(t *testing.T) {
	for _, test := range []struct {
		name string
		lab  *labs.Lab
		says string
	}{
		{"no cluster", sandboxtest.Lab(sandboxtest.Kafka), "needs no cluster"},
		{"a broker beside it", sandboxtest.Lab(sandboxtest.Kubernetes, sandboxtest.Kafka), "needs kafka beside its cluster"},
		{"services", sandboxtest.Lab(sandboxtest.Kubernetes, sandboxtest.Service("order", "")), "has services"},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := New(Config{Data: t.TempDir(), Kinds: sandboxtest.Kinds("")})
			err := p.Offers(t.Context(), test.lab)
			if problem := labs.AsProblem(err); err == nil || !strings.Contains(problem.Say, test.says) || problem.Next == "" {
				t.Errorf("got %v", err)
			}
		})
	}
	if err := New(Config{}).Offers(t.Context(), &labs.Lab{}); !errors.Is(err, sandbox.ErrUnfit) {
		t.Errorf("a lab without a cluster is not unfit: %v", err)
	}
}

func TestNoEngine(t *testing.T) {
	t.Setenv("DOCKER_HOST", "unix:///nonexistent/docker.sock")
	err := New(Config{Data: t.TempDir(), Kinds: sandboxtest.Kinds("")}).Offers(t.Context(), sandboxtest.ClusterLab())
	if p := labs.AsProblem(err); err == nil || p.Kind != labs.Machine || p.Next == "" {
		t.Errorf("got %v", err)
	}
}

func TestEnoughRoom(t *testing.T) {
	if err := enoughMemory(2<<30, memoryOf(shape{workers: 1})+reservedMemory); err != nil {
		t.Errorf("2 GiB are too little: %v", err)
	}
	for _, err := range []error{enoughMemory(1<<30, memoryOf(shape{workers: 1})+reservedMemory), enoughWatches(20, true, 50)} {
		if p := labs.AsProblem(err); err == nil || p.Kind != labs.Machine || p.Next == "" {
			t.Errorf("too little is enough: %v", err)
		}
	}
	if err := enoughWatches(0, false, 50); err != nil {
		t.Errorf("a limit that is not known is too low: %v", err)
	}
}

func TestNodes(t *testing.T) {
	if diff := cmp.Diff([]string{"control-plane", "worker", "worker2", "worker3"}, shape{workers: 3}.nodes()); diff != "" {
		t.Error(diff)
	}
}

// TestPlan: nothing of a cluster is reached from another machine.
func TestPlan(t *testing.T) {
	c := &cluster{shape: shape{workers: 2}, api: "127.0.0.1:20001", ports: map[int]string{30080: "127.0.0.1:20002"}}
	plan := c.plan()
	if len(plan.Nodes) != 3 || plan.Networking.APIServerAddress != "127.0.0.1" || plan.Networking.APIServerPort != 20001 {
		t.Errorf("got %+v", plan)
	}
	for _, m := range plan.Nodes[0].ExtraPortMappings {
		if m.ListenAddress != "127.0.0.1" || m.HostPort != 20002 || m.ContainerPort != 30080 {
			t.Errorf("got %+v", m)
		}
	}
}

// TestLogger reads what kind prints of a cluster that fails.
func TestLogger(t *testing.T) {
	prepared := 0
	var ended []string
	l := &logger{stages: runtime.DiscardStages(), preparing: func() { prepared++ }, ready: func() { prepared += 10 }}
	for _, line := range []string{"Creating cluster \"x\" ...\n", " • Ensuring node image (cnalab/node:v1) 🖼️  ...\n", " ✓ Ensuring node image (cnalab/node:v1) 🖼️\n",
		" • Preparing nodes 📦 📦   ...\n", " ✓ Preparing nodes 📦 📦 \n", " • Writing configuration 📜  ...\n", " ✗ Writing configuration 📜\n"} {
		l.V(0).Infof("%s", line)
		if l.end == nil {
			ended = append(ended, line)
		}
	}
	if prepared != 11 || !l.begun.Load() || !l.prepared.Load() {
		t.Errorf("told %d times, begun %v, prepared %v", prepared, l.begun.Load(), l.prepared.Load())
	}
	if len(ended) != 3 { // before the first, and after each tick
		t.Errorf("no stage is under way after %q", ended)
	}
	l.finish(errors.New("it failed"))
	if l.end != nil {
		t.Error("the stage that failed is still under way")
	}
}

func TestTranslate(t *testing.T) {
	err := translate(errors.New("docker: Error response from daemon: Bind for 127.0.0.1:20000 failed: port is already allocated."))
	if p := labs.AsProblem(err); !strings.Contains(p.Say, "taken a port") {
		t.Errorf("a port that is taken: %v", err)
	}
	err = translate(errors.New("failed to init node with kubeadm"))
	if p := labs.AsProblem(err); p.Kind != labs.Sandbox || p.Next == "" || p.Detail == "" {
		t.Errorf("a cluster that does not start: %+v", p)
	}
}

// TestKubectlFolder: a machine without kubectl gets a folder that a PATH bears.
func TestKubectlFolder(t *testing.T) {
	if stdruntime.GOOS != "linux" {
		t.Skip("a node's programs run on Linux alone")
	}
	t.Setenv("PATH", t.TempDir())
	data := t.TempDir()
	folder := New(Config{Data: data}).kubectlFolder()
	if rest, ok := strings.CutPrefix(folder, data); !ok || strings.Contains(rest, ":") {
		t.Errorf("got %q", folder)
	}
}

// TestRoomOfWhatIsBeingRemoved is there when that is gone, and not before.
func TestRoomOfWhatIsBeingRemoved(t *testing.T) {
	p := New(Config{})
	c := &cluster{gone: make(chan struct{})}
	c.life, c.end = context.WithCancel(t.Context())
	c.end()
	p.setUnused(c, true)
	full := errors.New("no memory")
	p.room = func(context.Context, *engine.Engine, shape) error {
		if p.removing() != nil {
			return full
		}
		return nil
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := p.waitForRoom(ctx, nil, shape{}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("while it is being removed: %v", err)
	}
	time.AfterFunc(20*time.Millisecond, func() { p.setUnused(c, false); close(c.gone) })
	if err := p.waitForRoom(t.Context(), nil, shape{}); err != nil {
		t.Errorf("when it is gone: %v", err)
	}
	p.room = func(context.Context, *engine.Engine, shape) error { return full }
	if err := p.waitForRoom(t.Context(), nil, shape{}); err != full {
		t.Errorf("with nothing that would go: %v", err)
	}
}
