package workspaces

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"cnalab/labs"
)

func goInside(t *testing.T, dir string, args ...string) {
	t.Helper()
	build := exec.Command("go", args...)
	build.Dir = dir
	build.Env = append(os.Environ(), "GOPROXY=off", "GOWORK=off", "GOFLAGS=-mod=readonly")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go %v: %v\n%s", args, err, out)
	}
}

// projectRoot is where the project's go.mod is, seen from this package.
const projectRoot = "../.."

func put(t *testing.T, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// An account of a service has no home folder.
func TestGoWithoutAHome(t *testing.T) {
	for _, name := range []string{"HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "GOPATH", "GOCACHE", "GOMODCACHE", "LocalAppData", "USERPROFILE", "home"} {
		t.Setenv(name, "")
	}
	c := New(t.TempDir(), projectRoot).Lab(tiny(t))
	p := problem(t, c.Open(t.Context()), labs.Machine)
	if !strings.Contains(p.Say, "no folder to keep") || p.Detail == "" {
		t.Errorf("said %q with %q", p.Say, p.Detail)
	}
}
