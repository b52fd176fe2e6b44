package environ

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// last is the value that a program would see.
func last(env []string, name string) (value string) {
	for _, pair := range env {
		if is, ok := strings.CutPrefix(pair, name+"="); ok {
			value = is
		}
	}
	return value
}

func wantAll(t *testing.T, env []string, want map[string]string) {
	t.Helper()
	for name, value := range want {
		if got := last(env, name); got != value {
			t.Errorf("%s is %q, want %q", name, got, value)
		}
	}
}

func setAll(t *testing.T, values map[string]string) {
	t.Helper()
	for name, value := range values {
		t.Setenv(name, value)
	}
}

func TestAGoCommandDependsOnTheModuleAlone(t *testing.T) {
	file := filepath.Join(t.TempDir(), "env")
	if err := os.WriteFile(file, []byte("GOOS=plan9\nGOFLAGS=-race\nGOPRIVATE=corp.example\nGOSUMDB=sum.example\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	setAll(t, map[string]string{
		"GOENV": file, "GOOS": "windows", "GOFLAGS": "-mod=vendor", "GOTOOLCHAIN": "go1.22.0", "CC": "nobody", "CGO_CFLAGS": "-broken",
		"GODEBUG": "gctrace=1", "CNALAB_TOKEN": "secret", "GOMODCACHE": "/modules", "GOPROXY": "https://proxy.example", "GOSUMDB": "off",
	})
	ours := map[string]string{"GOOS": "", "GOFLAGS": "-mod=readonly", "GOENV": "off", "CC": "", "CGO_CFLAGS": "", "CGO_ENABLED": "0", "GODEBUG": "",
		"CNALAB_TOKEN": "", "GOMODCACHE": "/modules", "GOPRIVATE": "corp.example", "GOSUMDB": "off", "PATH": os.Getenv("PATH")}
	wantAll(t, Go(false), ours)
	wantAll(t, Go(true), ours)
	wantAll(t, Go(false), map[string]string{"GOPROXY": "off", "GOTOOLCHAIN": "local"})
	wantAll(t, Go(true), map[string]string{"GOPROXY": "https://proxy.example", "GOTOOLCHAIN": "auto"})
}

func TestACheckIsLedNowhereElse(t *testing.T) {
	setAll(t, map[string]string{"PGSERVICE": "x", "DOCKER_TLS_VERIFY": "1", "KUBECONFIG": "/k", "http_proxy": "http://127.0.0.1:1", "GOMEMLIMIT": "1", "GOARCH": "wasm"})
	wantAll(t, Check(), map[string]string{"PGSERVICE": "", "DOCKER_TLS_VERIFY": "", "KUBECONFIG": "", "http_proxy": "", "GOMEMLIMIT": "", "GOARCH": "", "GOPROXY": "off"})
}

func TestAShellKeepsTheUsersOwnBesideTheSandbox(t *testing.T) {
	user := []string{"EDITOR=vi", "PGHOST=elsewhere", "DOCKER_CONTEXT=far", "DOCKER_CONFIG=/d", "KCAT_CONFIG=/k", "GOFLAGS=-v", "https_proxy=http://p", "no_proxy=corp"}
	wantAll(t, Shell(user, []string{"DATABASE_ORDER=postgres://here", "KAFKA=127.0.0.1:9"}), map[string]string{
		"EDITOR": "vi", "GOFLAGS": "-v", "PGHOST": "", "KCAT_CONFIG": "", "DOCKER_CONTEXT": "far", "KAFKA": "127.0.0.1:9",
		"https_proxy": "http://p", "no_proxy": "corp,localhost,127.0.0.1,::1", "NO_PROXY": "localhost,127.0.0.1,::1",
	})
	wantAll(t, Shell(user, []string{"DOCKER_HOST=tcp://127.0.0.1:9"}), map[string]string{
		"DOCKER_CONTEXT": "", "DOCKER_CONFIG": "/d", "PGHOST": "elsewhere", "DOCKER_HOST": "tcp://127.0.0.1:9",
	})
	if env := Shell([]string{"EDITOR=vi"}, nil); len(env) != 1 {
		t.Errorf("without a proxy and a sandbox it is %v", env)
	}
}

func TestWhatAnotherHasTypedIsToldNoSecret(t *testing.T) {
	setAll(t, map[string]string{"GITHUB_TOKEN": "secret", "CNALAB_TOKEN": "secret", "SSH_AUTH_SOCK": "/run/agent", "DOCKER_CONFIG": "/d", "LC_ALL": "ko_KR.UTF-8",
		"GOPROXY": "https://kim:secret@proxy.example", "https_proxy": "http://kim:secret@proxy.example", "http_proxy": "http://proxy.example"})
	env := Untrusted([]string{"KAFKA=127.0.0.1:9"})
	wantAll(t, env, map[string]string{"GITHUB_TOKEN": "", "CNALAB_TOKEN": "", "SSH_AUTH_SOCK": "", "DOCKER_CONFIG": "", "GOPROXY": "", "https_proxy": "",
		"LC_ALL": "ko_KR.UTF-8", "http_proxy": "http://proxy.example", "KAFKA": "127.0.0.1:9", "PATH": os.Getenv("PATH")})
	if text := strings.Join(env, " "); strings.Contains(text, "secret") {
		t.Error(text)
	}
}

func TestUnset(t *testing.T) {
	setAll(t, map[string]string{"PGSERVICE": "x", "PGHOST": "elsewhere", "XPG": "stays"})
	Unset(Postgres)
	if os.Getenv("PGSERVICE")+os.Getenv("PGHOST") != "" || os.Getenv("XPG") != "stays" {
		t.Error("another list of variables is gone")
	}
}
