package docker_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"cnalab/fixtures/images"
	"cnalab/server/sandbox"
	"cnalab/server/sandbox/cleanup"
	"cnalab/server/sandbox/docker"
	"cnalab/server/sandbox/part/kafka"
	"cnalab/server/sandbox/sandboxtest"
)

// shop is what lab 040's sandbox has.
var shop = sandboxtest.Lab(sandboxtest.Kafka, sandboxtest.Postgres("order", "product", "delivery"),
	sandboxtest.Service("order", "order"), sandboxtest.Service("product", "product"), sandboxtest.Service("delivery", "delivery"))

// serving is a service that does no more than a service has to.
const serving = `package main

import (
	"net/http"
	"os"
)

func main() { http.ListenAndServe(os.Getenv("ADDR"), nil) }
`

// measured is how often each side is measured, in turn; the median counts.
const measured = 5

// rival starts the same parts by the docker command, one after another.
type rival struct {
	*testing.B
	programs string // the folder with the services' programs
	network  string
	names    []string
}

// prepared returns a provider and a request for which all is built.
func prepared(b *testing.B) (*docker.Provider, sandbox.Request, *rival) {
	b.Helper()
	needEngine(b)
	workspace, data := writeWorkspace(b, b.TempDir(), shop.Services()...), b.TempDir()
	p := provider(data).(*docker.Provider)
	b.Cleanup(func() { p.Close() })
	request := sandbox.Request{Lab: shop, Learner: "bench", Workspace: workspace}
	timed(b, p, request)
	return p, request, &rival{B: b, programs: filepath.Join(data, "cache", "containers"), network: fmt.Sprintf("cnalab-bench-%d", os.Getpid())}
}

func must(b *testing.B, err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

func timed(b *testing.B, p *docker.Provider, request sandbox.Request) time.Duration {
	b.Helper()
	began := time.Now()
	open, err := p.Open(b.Context(), request)
	must(b, err)
	took := time.Since(began)
	for _, part := range open.Parts() {
		if part.State != sandbox.Running {
			b.Fatalf("%+v", part)
		}
	}
	must(b, open.Close())
	return took
}

// With all built and all images present, against the same parts started one
// after another by the docker command.
func BenchmarkOpen_040_docker_cold_ms_v_one_after_another(b *testing.B) {
	p, request, other := prepared(b)
	var mine, theirs []time.Duration
	for range measured {
		mine = append(mine, timed(b, p, request))
		theirs = append(theirs, other.all())
	}
	row(b, mine, theirs, -2, true)
}

// Against the part of the same opening that took longest: what is made before
// it and after it is what its parts do not do side by side.
func BenchmarkOpen_040_docker_cold_ms_v_its_slowest_part(b *testing.B) {
	p, request, _ := prepared(b)
	var mine, theirs []time.Duration
	for range measured {
		var mu sync.Mutex
		var slowest time.Duration
		request.Progress = func(e sandbox.Event) {
			mu.Lock()
			defer mu.Unlock()
			if s := e.Stage; s != nil && s.Done && strings.HasPrefix(s.Name, "start ") {
				slowest = max(slowest, s.Took)
			}
		}
		mine = append(mine, timed(b, p, request))
		theirs = append(theirs, slowest)
	}
	row(b, mine, theirs, 1.1, false)
}

// Against Kafka by itself on a machine that has nothing else to do. There is no
// limit: the parts share the machine's processors, and two of them do not do
// the work of all parts in the time of one.
func BenchmarkOpen_040_docker_cold_ms_v_kafka_alone(b *testing.B) {
	p, request, other := prepared(b)
	var mine, theirs []time.Duration
	for range measured {
		mine = append(mine, timed(b, p, request))
		began := time.Now()
		other.begin()
		other.kafka()
		theirs = append(theirs, time.Since(began))
		other.end()
	}
	row(b, mine, theirs, 0, false)
}

// From the warm pool: at most a second.
func BenchmarkOpen_040_docker_from_the_warm_pool_ms_v_one_after_another(b *testing.B) {
	p, request, other := prepared(b)
	var mine, theirs []time.Duration
	for range measured {
		must(b, p.Warm(b.Context(), shop))
		mine = append(mine, timed(b, p, request))
		theirs = append(theirs, other.all())
	}
	row(b, mine, theirs, -2, true)
	b.ReportMetric(1000, "most")
}

// row reports medians, and a limit unless it is 0; inverse ratios say how many
// times quicker ours is.
func row(b *testing.B, mine, theirs []time.Duration, limit float64, inverse bool) {
	ours, other := median(mine), median(theirs)
	ratio := ours / other
	if inverse {
		ratio = other / ours
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(ours, "ours")
	b.ReportMetric(other, "other")
	b.ReportMetric(ratio, "ratio")
	if limit != 0 {
		b.ReportMetric(limit, "limit")
	}
}

func median(took []time.Duration) float64 {
	slices.Sort(took)
	return float64(took[len(took)/2].Microseconds()) / 1000
}

// all starts Kafka, Postgres and the services, waiting for each before the
// next, and removes them.
func (r *rival) all() time.Duration {
	began := time.Now()
	r.begin()
	r.kafka()
	r.postgres()
	for _, s := range shop.Services() {
		r.service(s)
	}
	took := time.Since(began)
	r.end()
	return took
}

func (r *rival) docker(args ...string) {
	r.Helper()
	if out, err := exec.Command("docker", args...).CombinedOutput(); err != nil {
		r.Fatalf("docker %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

func (r *rival) begin() { r.docker("network", "create", r.network) }

func (r *rival) end() {
	r.docker(append([]string{"rm", "-f", "-v"}, r.names...)...)
	r.docker("network", "rm", r.network)
	r.names = nil
}

func (r *rival) named(name string) []string {
	full := r.network + "-" + name
	r.names = append(r.names, full)
	return []string{"--name", full, "--network", r.network, "--network-alias", name}
}

func (r *rival) address() string {
	address, err := cleanup.ReservePort()
	must(r.B, err)
	r.Cleanup(func() { cleanup.ReleasePort(address) })
	return address
}

func (r *rival) kafka() {
	address := r.address()
	_, number, _ := net.SplitHostPort(address)
	r.docker(slices.Concat([]string{"run", "-d"}, r.named("kafka"), []string{"-p", "127.0.0.1:" + number + ":9092", images.Kafka,
		"kafka.Kafka", "/opt/kafka/server.properties", "--override", "advertised.listeners=PLAINTEXT://" + address})...)
	r.until(func(ctx context.Context) error { return kafka.Ready(ctx, address) })
}

func (r *rival) postgres() {
	address := r.address()
	r.docker(slices.Concat([]string{"run", "-d"}, r.named("postgres"), []string{"-p", address + ":5432", images.Postgres})...)
	name := r.names[len(r.names)-1]
	r.until(func(context.Context) error {
		return exec.Command("docker", "exec", name, "psql", "-U", "postgres", "-c", "ALTER ROLE postgres PASSWORD 'secret'").Run()
	})
	var db *pgx.Conn
	r.until(func(ctx context.Context) (err error) {
		db, err = pgx.Connect(ctx, "postgres://postgres:secret@"+address+"/postgres?sslmode=disable")
		return err
	})
	defer db.Close(context.Background())
	for _, s := range shop.Services() {
		for _, sql := range []string{"CREATE ROLE " + `"` + s + `" LOGIN`, `CREATE DATABASE "` + s + `" OWNER "` + s + `"`} {
			if _, err := db.Exec(r.Context(), sql); err != nil {
				r.Fatal(err)
			}
		}
	}
}

func (r *rival) service(service string) {
	address := r.address()
	programs, _ := filepath.Glob(filepath.Join(r.programs, service+"-*"))
	if len(programs) == 0 {
		r.Fatalf("%s is not built", service)
	}
	r.docker(slices.Concat([]string{"create"}, r.named(service), []string{"-p", address + ":8080", "-e", "ADDR=0.0.0.0:8080", "--entrypoint", "/app", images.Base})...)
	name := r.names[len(r.names)-1]
	r.docker("cp", "-q", programs[0], name+":/app")
	r.docker("start", name)
	r.until(func(ctx context.Context) error {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address, nil)
		must(r.B, err)
		answer, err := http.DefaultClient.Do(request)
		if err == nil {
			answer.Body.Close()
		}
		return err
	})
}

// until asks until there is an answer.
func (r *rival) until(answers func(ctx context.Context) error) {
	r.Helper()
	var err error
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		ctx, cancel := context.WithTimeout(r.Context(), time.Second)
		err = answers(ctx)
		cancel()
		if err == nil {
			return
		}
	}
	r.Fatal(fmt.Errorf("nothing answers: %w", err))
}
