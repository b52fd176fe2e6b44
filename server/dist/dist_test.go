package main

import (
	"archive/tar"
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// What is unpacked somewhere serves the labs and grades a learner's work, with
// nothing of the repository.
func TestArchiveRunsAnywhere(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the archive there is a zip, and this test unpacks the other kind")
	}
	a := unpacked(t)
	t.Run("it serves the catalogue", a.servesTheCatalogue)
	t.Run("it grades untouched work", a.gradesUntouchedWork)
	t.Run("it compiles checks that an author has changed", a.compilesChangedChecks)
}

// archive is one that was unpacked, with a home of its own.
type archive struct{ dir, home string }

func unpacked(t *testing.T) archive {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	path, err := makeArchive(t.Context(), root, t.TempDir(), system{runtime.GOOS, runtime.GOARCH})
	if err != nil {
		t.Fatal(err)
	}
	a := archive{home: t.TempDir()}
	elsewhere := t.TempDir()
	unpack(t, path, elsewhere)
	a.dir = filepath.Join(elsewhere, "cnalab-"+runtime.GOOS+"-"+runtime.GOARCH)
	return a
}

func unpack(t *testing.T, path, to string) {
	t.Helper()
	file, err := os.Open(path)
	must(t, err)
	defer file.Close()
	compressed, err := gzip.NewReader(file)
	must(t, err)
	for files := tar.NewReader(compressed); ; {
		header, err := files.Next()
		if err == io.EOF {
			return
		}
		must(t, err)
		target := filepath.Join(to, filepath.FromSlash(header.Name))
		must(t, os.MkdirAll(filepath.Dir(target), 0o755))
		text, err := io.ReadAll(files)
		must(t, err)
		must(t, os.WriteFile(target, text, header.FileInfo().Mode()))
	}
}

// command runs the program from a folder that is nobody's. What is compiled is
// kept where it always is, so that the test need not wait for it.
func (a archive) command(ctx context.Context, args ...string) *exec.Cmd {
	c := exec.CommandContext(ctx, filepath.Join(a.dir, "cnalab"), args...)
	c.Dir = a.home
	for _, variable := range os.Environ() {
		if name, _, _ := strings.Cut(variable, "="); name != "HOME" && name != "XDG_DATA_HOME" {
			c.Env = append(c.Env, variable)
		}
	}
	c.Env = append(c.Env, "HOME="+a.home)
	for _, name := range []string{"GOCACHE", "GOMODCACHE"} {
		out, _ := exec.Command("go", "env", name).Output()
		c.Env = append(c.Env, name+"="+strings.TrimSpace(string(out)))
	}
	c.Cancel = func() error { return c.Process.Signal(os.Interrupt) }
	c.WaitDelay = 20 * time.Second
	return c
}

func (a archive) servesTheCatalogue(t *testing.T) {
	ctx, end := context.WithCancel(t.Context())
	serve := a.command(ctx, "serve", "--addr", "127.0.0.1:0")
	var stderr bytes.Buffer
	serve.Stderr = &stderr
	out, err := serve.StdoutPipe()
	must(t, err)
	must(t, serve.Start())
	defer func() { end(); serve.Wait() }()
	address := addressIn(out)
	if address == "" {
		t.Fatalf("it names no address: %s", &stderr)
	}
	go io.Copy(io.Discard, out)
	page, err := fetch(http.DefaultTransport, address)
	must(t, err)
	wantCatalogue(t, page)
}

// addressIn reads what serve prints up to the address to open; empty where it
// ends without one.
func addressIn(out io.Reader) (address string) {
	for lines := bufio.NewScanner(out); address == "" && lines.Scan(); {
		_, address, _ = strings.Cut(lines.Text(), "Open  ")
	}
	return address
}

func wantCatalogue(t *testing.T, page string) {
	t.Helper()
	if !strings.Contains(page, "/labs/domain-model") || !strings.Contains(page, "/assets/main-") {
		t.Errorf("the first page is not the catalogue with its styles:\n%s", page)
	}
}

// fetch gets a page as a browser does: the token becomes a cookie on the way.
func fetch(by http.RoundTripper, address string) (string, error) {
	request, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		return "", err
	}
	answer, err := by.RoundTrip(request)
	if err != nil {
		return "", err
	}
	answer.Body.Close()
	next, err := answer.Location()
	if err != nil {
		return "", err
	}
	request, err = http.NewRequest(http.MethodGet, next.String(), nil)
	if err != nil {
		return "", err
	}
	for _, cookie := range answer.Cookies() {
		request.AddCookie(cookie)
	}
	if answer, err = by.RoundTrip(request); err != nil {
		return "", err
	}
	defer answer.Body.Close()
	page, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("get %s: %s", next, answer.Status)
	}
	return string(page), err
}

func (a archive) gradesUntouchedWork(t *testing.T) {
	data := filepath.Join(a.home, "data")
	out, err := a.command(t.Context(), "verify", "010", "--data", data).CombinedOutput()
	if code(err) != 1 || !strings.Contains(string(out), "not yet") {
		t.Errorf("untouched work ends with %v, want exit 1:\n%s", err, out)
	}
	if left, _ := filepath.Glob(filepath.Join(data, "cache", "checks", "*.test")); len(left) > 0 {
		t.Errorf("checks were compiled that the archive has: %v", left)
	}
}

func (a archive) compilesChangedChecks(t *testing.T) {
	added := filepath.Join(a.dir, "labs", "010-domain-model", "checks", "broken_test.go")
	must(t, os.WriteFile(added, []byte("//go:build lab\n\npackage checks\n\nvar broken int = \"\"\n"), 0o644))
	out, err := a.command(t.Context(), "verify", "010").CombinedOutput()
	if code(err) != 2 || !strings.Contains(string(out), "do not compile") {
		t.Errorf("with checks that do not compile verify ends with %v:\n%s", err, out)
	}
}

func code(err error) int {
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return exit.ExitCode()
	}
	return 0
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
