//go:build unix

// Package accounts runs a test as who runs the tests and, where that is root,
// once more as an ordinary user, who has nothing but a folder of their own. It
// knows nothing of what is tested.
package accounts

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// ordinary is a user that every system has, and to whom nothing belongs.
const ordinary = 65534

// Each runs the test as each; env is more for the ordinary user, as KEY=VALUE.
// The program of the tests is started again as that user.
func Each(t *testing.T, test func(t *testing.T), env ...string) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Run("as an ordinary user", test)
		return
	}
	t.Run("as root", test)
	t.Run("as an ordinary user", func(t *testing.T) { again(t, env) })
}

func again(t *testing.T, env []string) {
	t.Helper()
	home := Folder(t)
	program := filepath.Join(home, "tests")
	if err := copyFile(os.Args[0], program); err != nil {
		t.Fatal(err)
	}
	name, _, _ := strings.Cut(t.Name(), "/")
	cmd := exec.CommandContext(t.Context(), program, "-test.run=^"+name+"$", "-test.v")
	temporary := filepath.Join(home, "tmp")
	if err := errors.Join(os.Mkdir(temporary, 0o755), os.Chown(temporary, ordinary, ordinary)); err != nil {
		t.Fatal(err)
	}
	cmd.Dir = home
	cmd.Env = append(os.Environ(), "HOME="+home, "TMPDIR="+temporary, "GOCACHE="+filepath.Join(home, "cache"), "XDG_CACHE_HOME=", "XDG_CONFIG_HOME=")
	cmd.Env = append(cmd.Env, env...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: ordinary, Gid: ordinary}}
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "--- PASS: "+name) {
		t.Errorf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
}

// Folder is a new folder that every user can reach, and that the ordinary one
// can write to.
func Folder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/var/cache", "account-") // a home is no temporary folder
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if os.Geteuid() == 0 {
		if err := os.Chown(dir, ordinary, ordinary); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY, 0o755)
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, in); err != nil {
		return err
	}
	return out.Close()
}
