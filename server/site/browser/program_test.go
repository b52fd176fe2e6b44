package browser

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"cnalab/fixtures/require"
)

// root is where the module is, seen from this package.
const root = "../../.."

// build compiles the program once for all tests.
var build = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "cnalab-browser-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "cnalab")
	compile := exec.Command("go", "build", "-o", path, "./server")
	compile.Dir = root
	if out, err := compile.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the program: %w\n%s", err, out)
	}
	return path, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if shared != nil {
		shared.end()
		os.RemoveAll(shared.data)
	}
	if path, err := build(); err == nil {
		os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(code)
}

// program is a running server.
type program struct {
	args    []string // more for serve
	data    string   // its data folder
	home    string   // where its shells find their settings
	address string   // 127.0.0.1:PORT
	open    string   // the address with the key, as it printed it
	process *exec.Cmd
}

// shared is the server of the tests that leave nothing behind for each other.
var shared *program

func theProgram(t *testing.T) *program {
	t.Helper()
	if shared == nil {
		data, err := os.MkdirTemp("", "cnalab-data-")
		if err != nil {
			t.Fatal(err)
		}
		p := &program{data: data, home: filepath.Join(data, "home"), address: freeAddress(t)}
		p.start(t)
		shared = p
	}
	return shared
}

// aProgram is a server that the test has to itself, not started yet.
func aProgram(t *testing.T, args ...string) *program {
	t.Helper()
	p := &program{data: t.TempDir(), home: t.TempDir(), address: freeAddress(t), args: args}
	t.Cleanup(p.end)
	return p
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

var printed = regexp.MustCompile(`http://127\.0\.0\.1:\d+/\?token=\S+`)

// start starts the server on its data folder and its address.
func (p *program) start(t *testing.T) {
	t.Helper()
	if _, err := os.Stat(filepath.Join(root, "web/assets/dist/meta.json")); err != nil {
		require.Missing(t, "browser", "the pages are not built; `go tool task pages` builds them")
	}
	path, err := build()
	if err != nil {
		t.Fatal(err)
	}
	p.process = exec.CommandContext(context.Background(), path, append([]string{"serve", "--data", p.data, "--addr", p.address}, p.args...)...)
	p.process.Dir = root
	p.process.Env = append(os.Environ(), environment(t, p.home)...)
	p.process.Stderr = os.Stderr
	out, err := p.process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.process.Start(); err != nil {
		t.Fatal(err)
	}
	opened := make(chan string, 1)
	go func() {
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if found := printed.FindString(lines.Text()); found != "" {
				opened <- found
			}
		}
	}()
	select {
	case p.open = <-opened:
	case <-time.After(time.Minute):
		t.Fatal("the server printed no address")
	}
}

// environment gives a server a home of its own, so that nobody's settings decide
// what a test sees, and leaves it what the go command has made and where docker
// finds its engine.
func environment(t *testing.T, home string) []string {
	t.Helper()
	own := []string{"HOME=" + home, "SHELL=", "XDG_CACHE_HOME=", "XDG_CONFIG_HOME=", "XDG_DATA_HOME="}
	for _, name := range []string{"GOPATH", "GOCACHE", "GOMODCACHE"} {
		value, err := exec.CommandContext(t.Context(), "go", "env", name).Output()
		if err != nil {
			t.Fatal(err)
		}
		own = append(own, name+"="+strings.TrimSpace(string(value)))
	}
	if person, err := os.UserHomeDir(); err == nil && os.Getenv("DOCKER_CONFIG") == "" {
		own = append(own, "DOCKER_CONFIG="+filepath.Join(person, ".docker"))
	}
	return own
}

// end ends the server in good order.
func (p *program) end() {
	if p.process == nil {
		return
	}
	_ = p.process.Process.Signal(syscall.SIGTERM)
	_ = p.process.Wait()
	p.process = nil
}

// file reads a file of the learner's.
func (p *program) file(t *testing.T, lab, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(p.data, "workspaces", lab, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
