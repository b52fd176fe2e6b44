package embedded_test

import (
	"bytes"
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"cnalab/labs"
	"cnalab/server/sandbox"
	"cnalab/server/sandbox/cleanup"
	"cnalab/server/sandbox/embedded"
	"cnalab/server/sandbox/part/postgres"
	"cnalab/server/sandbox/sandboxtest"

	"github.com/jackc/pgx/v5"
)

// shop is what lab 040's sandbox has: a broker, Postgres and three services.
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

// prepared returns a provider and a request for the shop for which all is
// built and initialised.
func prepared(b *testing.B) (*embedded.Provider, sandbox.Request) {
	b.Helper()
	workspace := b.TempDir()
	files := map[string]string{"go.mod": "module shop\n\ngo 1.26\n"}
	for _, s := range shop.Services() {
		files[s+"/main.go"] = serving
	}
	for name, text := range files {
		path := filepath.Join(workspace, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			b.Fatal(err)
		}
	}
	p := provider(sandboxtest.Folder(b)).(*embedded.Provider)
	b.Cleanup(func() { p.Close() })
	request := sandbox.Request{Lab: shop, Learner: "bench", Workspace: workspace}
	opened(b, p, request).Close()
	return p, request
}

func opened(b *testing.B, p *embedded.Provider, request sandbox.Request) sandbox.Sandbox {
	b.Helper()
	open, err := p.Open(b.Context(), request)
	if err != nil {
		b.Fatal(err)
	}
	for _, part := range open.Parts() {
		if part.State != sandbox.Running {
			b.Fatalf("%+v", part)
		}
	}
	return open
}

// measured is how often each side is measured, in turn; the median counts.
const measured = 5

// With all built and nothing started, against the same parts, built before
// too, started in a row with initdb.
func BenchmarkOpen_040_cold_ms_v_one_after_another(b *testing.B) {
	p, request := prepared(b)
	against(b, 1000, request, func() time.Duration { return timed(b, p, request) })
}

// From the warm pool.
func BenchmarkOpen_040_from_the_warm_pool_ms_v_one_after_another(b *testing.B) {
	p, request := prepared(b)
	against(b, 300, request, func() time.Duration {
		if err := p.Warm(b.Context(), shop); err != nil {
			b.Fatal(err)
		}
		return timed(b, p, request)
	})
}

func timed(b *testing.B, p *embedded.Provider, request sandbox.Request) time.Duration {
	began := time.Now()
	open := opened(b, p, request)
	took := time.Since(began)
	open.Close()
	return took
}

// against reports the medians of ours, which may take so many milliseconds at
// most, and of the parts started in a row.
func against(b *testing.B, most float64, request sandbox.Request, open func() time.Duration) {
	b.Helper()
	programs := filepath.Join(filepath.Dir(b.TempDir()), "*", "cache", "programs")
	var ours, other []time.Duration
	for range measured {
		ours = append(ours, open())
		began := time.Now()
		end := inARow(b, programs, request)
		other = append(other, time.Since(began))
		end()
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(median(ours), "ours")
	b.ReportMetric(median(other), "other")
	b.ReportMetric(median(ours)/median(other), "ratio")
	b.ReportMetric(most, "most")
}

func median(took []time.Duration) float64 {
	slices.Sort(took)
	return float64(took[len(took)/2].Microseconds()) / 1000
}

// inARow starts the parts and returns what ends them.
func inARow(b *testing.B, programs string, request sandbox.Request) (end func()) {
	b.Helper()
	install, err := postgres.Find(b.Context(), postgres.Config{Root: root}, b.TempDir())
	if err != nil {
		b.Skip("no Postgres on this machine: ", err)
	}
	owner, err := sandboxtest.Kinds(root)[labs.KindPostgres].Account()
	if err != nil {
		b.Skip(err)
	}
	dir, err := os.MkdirTemp("", "row")
	if err != nil {
		b.Fatal(err)
	}
	os.Chmod(dir, 0o777)
	var started []*exec.Cmd
	var output bytes.Buffer
	launch := func(address string, as func(*exec.Cmd), env []string, name string, args ...string) {
		command := exec.Command(name, args...)
		command.Dir, command.Env = dir, append(os.Environ(), env...)
		command.Stderr = &output
		as(command)
		if address == "" {
			if err := command.Run(); err != nil {
				b.Fatalf("%s: %v %s", name, err, output.String())
			}
			return
		}
		if err := command.Start(); err != nil {
			b.Fatal(err)
		}
		started = append(started, command)
		dial(b, address)
	}
	self := func(*exec.Cmd) {}
	them := func(c *exec.Cmd) { drop(c, owner) }
	broker, database := reserve(b), reserve(b)
	launch(broker, self, nil, program(b, programs, "run"), "kafka", "--listen", broker, "--data", filepath.Join(dir, "kafka"))
	data := filepath.Join(dir, "postgres")
	launch("", them, nil, filepath.Join(install.Bin, "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "--no-sync")
	_, port, _ := net.SplitHostPort(database)
	launch(database, them, nil, filepath.Join(install.Bin, "postgres"), "-D", data, "-p", port,
		"-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "fsync=off")
	create(b, database, request.Lab.Services())
	for _, s := range request.Lab.Services() {
		address := reserve(b)
		launch(address, self, []string{"ADDR=" + address}, program(b, programs, s))
	}
	return func() {
		for _, c := range started {
			c.Process.Signal(os.Interrupt)
			c.Wait()
		}
		os.RemoveAll(dir)
	}
}

func reserve(b *testing.B) string {
	b.Helper()
	address, err := cleanup.ReservePort()
	if err != nil {
		b.Fatal(err)
	}
	return address
}

func program(b *testing.B, programs, name string) string {
	b.Helper()
	found, _ := filepath.Glob(filepath.Join(programs, name+"-*"))
	if len(found) == 0 {
		b.Fatalf("%s is not built", name)
	}
	return found[0]
}

func dial(b *testing.B, address string) {
	b.Helper()
	for range 5000 {
		if conn, err := net.Dial("tcp", address); err == nil {
			conn.Close()
			return
		}
		time.Sleep(2 * time.Millisecond)
	}
	b.Fatalf("nothing listens on %s", address)
}

func create(b *testing.B, address string, names []string) {
	b.Helper()
	var db *pgx.Conn
	for range 1000 {
		var err error
		if db, err = pgx.Connect(b.Context(), "postgres://postgres@"+address+"/postgres?sslmode=disable"); err == nil {
			break
		}
		time.Sleep(5 * time.Millisecond)
	}
	if db == nil {
		b.Fatal("Postgres does not answer")
	}
	defer db.Close(context.Background())
	for _, name := range names {
		for _, sql := range []string{`CREATE ROLE "` + name + `" LOGIN`, `CREATE DATABASE "` + name + `" OWNER "` + name + `"`} {
			if _, err := db.Exec(b.Context(), sql); err != nil {
				b.Fatal(err)
			}
		}
	}
}
