package browser

import (
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"

	"cnalab/fixtures/require"
	"cnalab/server/launch"
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
	return path, launch.Build(context.Background(), root, path)
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
	process *launch.Server
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
	command := exec.Command(path, append([]string{"serve", "--data", p.data, "--addr", p.address}, p.args...)...)
	command.Dir, command.Stderr = root, os.Stderr
	if command.Env, err = launch.Environment(t.Context(), p.home); err != nil {
		t.Fatal(err)
	}
	if p.process, err = launch.Start(t.Context(), command); err != nil {
		t.Fatal(err)
	}
	p.open = p.process.SignIn
}

// end ends the server in good order.
func (p *program) end() {
	if p.process == nil {
		return
	}
	p.process.End(syscall.SIGTERM)
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
