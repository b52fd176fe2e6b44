package kind_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"cnalab/fixtures/images"
	"cnalab/server/sandbox/cleanup"
	"cnalab/server/sandbox/kind"
	"cnalab/server/sandbox/sandboxtest"
)

// How often each side is measured, in turn; the median counts. A cluster takes
// half a minute.
const coldRuns, warmRuns = 3, 5

// rivalPlan is the same cluster in kind's own words.
const rivalPlan = `kind: Cluster
apiVersion: kind.x-k8s.io/v1alpha4
networking: {apiServerAddress: 127.0.0.1}
nodes:
- role: control-plane
  extraPortMappings:
  - {containerPort: 30080, hostPort: %s, listenAddress: 127.0.0.1}
- role: worker
`

// rival is kind's own command.
type rival struct {
	*testing.B
	program, folder, plan string
}

func newRival(b *testing.B) *rival {
	b.Helper()
	r := &rival{B: b, folder: b.TempDir()}
	r.program, r.plan = filepath.Join(r.folder, "kind"), filepath.Join(r.folder, "plan.yaml")
	if out, err := exec.Command("go", "build", "-o", r.program, "sigs.k8s.io/kind").CombinedOutput(); err != nil {
		b.Fatalf("build kind: %v\n%s", err, out)
	}
	address, err := cleanup.ReservePort()
	must(b, err)
	b.Cleanup(func() { cleanup.ReleasePort(address) })
	must(b, os.WriteFile(r.plan, fmt.Appendf(nil, rivalPlan, address[len("127.0.0.1:"):]), 0o600))
	return r
}

// network is the rival's own, so that it goes as well.
const network = "bench-kind"

func (r *rival) run(args ...string) {
	r.Helper()
	c := exec.Command(r.program, append(args, "--name", network)...)
	c.Env = append(os.Environ(), "KUBECONFIG="+filepath.Join(r.folder, "kubeconfig"), "KIND_EXPERIMENTAL_DOCKER_NETWORK="+network)
	if out, err := c.CombinedOutput(); err != nil {
		r.Fatalf("kind %q: %v\n%s", args, err, out)
	}
}

func (r *rival) create() time.Duration {
	began := time.Now()
	r.run("create", "cluster", "--image", images.Node, "--config", r.plan, "--wait", "180s")
	// kind waits for the control plane alone, and a lab needs its workers too.
	out, err := exec.Command("docker", "exec", network+"-control-plane", "kubectl", "wait", "--for=condition=Ready", "nodes", "--all", "--timeout=180s").CombinedOutput()
	if err != nil {
		r.Fatalf("wait for the nodes: %v\n%s", err, out)
	}
	return time.Since(began)
}

func (r *rival) delete() {
	r.run("delete", "cluster")
	exec.Command("docker", "network", "rm", network).Run()
}

func BenchmarkOpen_kind_lab_cold_ms_v_kind_create_cluster_until_its_nodes_are_ready(b *testing.B) {
	needEngine(b)
	r, data := newRival(b), b.TempDir()
	b.Cleanup(r.delete)
	var ours, others []time.Duration
	for range coldRuns { // the first copies kubectl, which the median leaves out
		p := kind.New(kind.Config{Data: data, Kinds: sandboxtest.Kinds(root), Images: []string{loaded}})
		took := timed(b, p)
		must(b, p.Close())
		other := r.create()
		r.delete()
		ours, others = append(ours, took), append(others, other)
	}
	a, c := median(ours), median(others)
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(a, "ours")
	b.ReportMetric(c, "other")
	b.ReportMetric(a/c, "ratio")
	b.ReportMetric(1.1, "limit")
}

func BenchmarkOpen_kind_lab_from_the_warm_pool_ms(b *testing.B) {
	needEngine(b)
	p := kind.New(kind.Config{Data: b.TempDir(), Kinds: sandboxtest.Kinds(root), Images: []string{loaded}})
	b.Cleanup(func() { p.Close() })
	var ours []time.Duration
	for range warmRuns {
		must(b, p.Warm(b.Context(), lab)) // waits for what is being made
		ours = append(ours, timed(b, p))
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(median(ours), "ours")
	b.ReportMetric(2000, "limit")
}

// timed opens a sandbox, closes it, and returns how long the opening took.
func timed(b *testing.B, p *kind.Provider) time.Duration {
	b.Helper()
	began := time.Now()
	s := open(b, p)
	took := time.Since(began)
	must(b, s.Close())
	return took
}

func median(took []time.Duration) float64 {
	slices.Sort(took)
	return float64(took[len(took)/2].Microseconds()) / 1000
}
