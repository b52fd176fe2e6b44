package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"io"
	"net"
	"net/http"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"cnalab/fixtures/require"
)

// image is the archive with all that it needs of a machine.
const image = "cnalab/cnalab"

// What is in the image serves the labs and grades a learner's work, as the
// README has it run, and leaves nothing in the engine.
func TestImageRunsAnywhere(t *testing.T) {
	needImage(t)
	t.Run("it serves the catalogue at a published port", imageServesTheCatalogue)
	t.Run("it grades untouched work without a network", imageGradesUntouchedWork)
}

func needImage(t testing.TB) {
	t.Helper()
	if out, err := docker(t, "image", "inspect", "--format", "{{.Id}}", image); err != nil {
		require.Missing(t, "docker", "no engine has "+image+": go tool task images:offline: "+out)
	}
}

func docker(t testing.TB, args ...string) (string, error) {
	out, err := exec.CommandContext(context.WithoutCancel(t.Context()), "docker", args...).CombinedOutput()
	return strings.TrimSpace(string(out)), err
}

// named returns a name for a container, which is gone when the test is over.
func named(t testing.TB) string {
	name := "cnalab-image-" + strings.ToLower(rand.Text()[:10])
	t.Cleanup(func() { docker(t, "rm", "--force", "--volumes", name) })
	return name
}

func wantGone(t *testing.T, name string) {
	t.Helper()
	if left, err := docker(t, "ps", "--all", "--quiet", "--filter", "name="+name); err != nil || left != "" {
		t.Errorf("left in the engine: %q, %v", left, err)
	}
}

func imageServesTheCatalogue(t *testing.T) {
	name := named(t)
	serve := exec.CommandContext(t.Context(), "docker", "run", "--rm", "--init", "--name", name, "-p", "127.0.0.1::8080", image)
	var stderr bytes.Buffer
	serve.Stderr = &stderr
	out, err := serve.StdoutPipe()
	must(t, err)
	must(t, serve.Start())
	address := addressIn(out)
	if address == "" {
		t.Fatalf("it names no address: %s", &stderr)
	}
	go io.Copy(io.Discard, out)
	if user, err := docker(t, "exec", name, "id", "-u"); err != nil || user == "0" {
		t.Errorf("it runs as user %s, %v", user, err)
	}
	published, err := docker(t, "port", name, "8080/tcp")
	must(t, err)
	page, err := fetch(through(published), address)
	must(t, err)
	wantCatalogue(t, page)
	_, err = docker(t, "stop", name)
	must(t, err)
	serve.Wait()
	wantGone(t, name)
}

// through takes every request to one address. A port that is free is published
// here, where people publish the one that the address has.
func through(address string) http.RoundTripper {
	return &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "tcp", address)
	}}
}

func imageGradesUntouchedWork(t *testing.T) {
	name := named(t)
	out, err := docker(t, "run", "--rm", "--network", "none", "--name", name, image, "cnalab", "verify", "010")
	if code(err) != 1 || !strings.Contains(out, "not yet") || strings.Contains(out, "could not check") {
		t.Errorf("untouched work ends with %v, want exit 1:\n%s", err, out)
	}
	wantGone(t, name)
}

// From docker run until the first check of a lab has its verdict, on a machine
// that has the image and nothing else.
func BenchmarkImage_010_first_verdict_after_docker_run_ms(b *testing.B) {
	needImage(b)
	const runs = 3
	var took []time.Duration
	for range runs {
		took = append(took, firstVerdict(b))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[runs/2].Milliseconds()), "ours")
	b.ReportMetric(5000, "most")
	b.ReportMetric(0, "ns/op")
}

func firstVerdict(b *testing.B) (after time.Duration) {
	verify := exec.CommandContext(b.Context(), "docker", "run", "--rm", "--network", "none", "--name", named(b), image, "cnalab", "verify", "010/1")
	words, err := verify.StderrPipe()
	if err != nil {
		b.Fatal(err)
	}
	began := time.Now()
	if err := verify.Start(); err != nil {
		b.Fatal(err)
	}
	var all strings.Builder
	for lines := bufio.NewScanner(words); lines.Scan(); {
		all.WriteString(lines.Text() + "\n")
		if after == 0 && strings.HasPrefix(lines.Text(), "  step 1: ") && strings.HasSuffix(lines.Text(), ": not yet") {
			after = time.Since(began)
		}
	}
	verify.Wait()
	if after == 0 {
		b.Fatalf("no check has a verdict:\n%s", &all)
	}
	return after
}
