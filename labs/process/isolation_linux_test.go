package process

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"cnalab/fixtures/require"
	"cnalab/labs/labtest/accounts"
)

// isolated runs a script in the isolation and returns what it printed.
func isolated(t *testing.T, i *Isolation, dir, script string) string {
	t.Helper()
	cmd := exec.Command("sh", "-c", script)
	cmd.Dir = dir
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	tree := &Tree{Isolation: i}
	if err := tree.Start(cmd); err != nil {
		t.Fatal(err)
	}
	defer tree.Kill()
	_ = cmd.Wait()
	return strings.TrimSpace(out.String())
}

// write writes a file, and the folders that it is in.
func write(t *testing.T, text string, mode fs.FileMode, path ...string) string {
	t.Helper()
	file := filepath.Join(path...)
	if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, []byte(text), mode)); err != nil {
		t.Fatal(err)
	}
	return file
}

func needsIsolation(t *testing.T) {
	t.Helper()
	if Isolates() == NotIsolated {
		require.Missing(t, "isolation", "this system does not let us isolate programs")
	}
}

func TestIsolation(t *testing.T) {
	accounts.Each(t, func(t *testing.T) {
		needsIsolation(t)
		t.Setenv("SECRET", "S3CRET") // as the judge has its token
		data := t.TempDir()
		workspace := filepath.Join(data, "workspaces", "040")
		own := write(t, "own", 0o600, workspace, "order", "own.txt")
		key := write(t, "key", 0o600, data, "run", "tls.key")
		write(t, "S3CRET", 0o644, data, "token")
		write(t, "S3CRET", 0o644, data, "workspaces", "010", "order.go")
		left := write(t, "S3CRET", 0o644, os.TempDir(), "left-"+filepath.Base(filepath.Dir(data)))
		t.Cleanup(func() { os.Remove(left) })
		i := &Isolation{Hides: []string{data}, Reads: []string{key, workspace}, As: NewDynamicUser()}
		defer i.As.Close()
		for name, way := range map[string]struct{ script, want string }{
			"its own files":           {"cat own.txt; cat " + own, "ownown"},
			"a file that it may read": {"cat " + key, "key"},
			"a temporary file":        {"echo more > /tmp/new.txt && cat /tmp/new.txt", "more"},
			"its home":                {"echo more > $HOME/new.txt && cat $HOME/new.txt", "more"},
			"a program that it wrote": {"cp /bin/echo /tmp/mine && /tmp/mine more", "more"},
			"its folder":              {"pwd", filepath.Join(workspace, "order")},
			"its exit":                {"sh -c 'exit 7'; echo $?", "7"},
		} {
			if got := isolated(t, i, filepath.Join(workspace, "order"), way.script); strings.ReplaceAll(got, "\n", "") != way.want {
				t.Errorf("%s: got %s, want %s", name, got, way.want)
			}
		}
		for name, script := range map[string]string{
			"a hidden file":            "cat " + data + "/token",
			"another workspace":        "cat " + data + "/workspaces/010/order.go; cat ../../010/order.go",
			"what is hidden, listed":   "find " + data + " -type f -exec cat {} +",
			"the temporary folder":     "cat /tmp/left-* " + os.TempDir() + "/left-*",
			"a file it may read":       "echo written > " + key + " && echo S3CRET",
			"its own files":            "echo written >> own.txt && echo S3CRET; echo written > new.txt && echo S3CRET; rm own.txt && echo S3CRET",
			"the machine's programs":   "echo written > /usr/bin/written && echo S3CRET",
			"whoever listens":          "find /run /var/run -type s 2>/dev/null | grep . && echo S3CRET",
			"its parent's environment": "tr '\\0' '\\n' < /proc/$PPID/environ | grep SECRET; cat /proc/[0-9]*/environ 2>/dev/null | tr '\\0' '\\n' | grep -v ^SECRET=S3CRET$ | grep S3CRET",
			"its parent's files":       "cat /proc/$PPID/root" + data + "/token /proc/$PPID/cwd/../token; cat /proc/$PPID/fd/* < /dev/null",
			"its parent's memory":      "head -c 1 /proc/$PPID/mem && echo S3CRET; readlink /proc/$PPID/exe && echo S3CRET",
			"what covers the hidden":   "umount " + data + " || umount -l " + data + "; cat " + data + "/token",
			"a namespace of its own":   "unshare -r -m sh -c 'umount " + data + " || umount -l " + data + "; mount -o remount,rw,bind /usr && echo S3CRET; cat " + data + "/token'",
			"more rights":              "su -c 'cat " + data + "/token' < /dev/null",
			"another control group":    "find /sys/fs/cgroup -name cgroup.procs -exec sh -c 'echo $$ > {} && echo S3CRET' \\;",
			"the system's settings":    "echo 1 > /proc/sys/kernel/core_uses_pid && echo S3CRET",
		} {
			if got := isolated(t, i, filepath.Join(workspace, "order"), "unset SECRET; "+script); strings.Contains(got, "S3CRET") {
				t.Errorf("%s: got %s", name, got)
			}
		}
		if got := isolated(t, i, filepath.Join(data, "workspaces", "010"), "echo more > new.txt && cat *"); got != "more" {
			t.Errorf("a folder that is hidden, to work in: got %s", got)
		}
	})
}

// As root, no program of one sandbox may do anything to another's, or to us.
func TestDynamicUsersDoNotReachEachOther(t *testing.T) {
	if Isolates() != OwnAccount {
		t.Skip("only root has others to run programs as")
	}
	one, two := &Isolation{As: NewDynamicUser()}, &Isolation{As: NewDynamicUser()}
	victim := exec.Command("sleep", "60")
	tree := &Tree{Isolation: one}
	if err := tree.Start(victim); err != nil {
		t.Fatal(err)
	}
	defer func() { tree.Kill(); _ = victim.Wait() }()
	pid := Identify(victim.Process.Pid)
	for name, script := range map[string]string{"another's": "kill -9 " + strconv.Itoa(pid.PID) + " && echo done; cat /proc/" + strconv.Itoa(pid.PID) + "/environ", "ours": "kill -0 $PPID && echo done"} {
		if got := isolated(t, two, "/", script); strings.Contains(got, "done") || strings.Contains(got, "PATH=") {
			t.Errorf("%s: got %s", name, got)
		}
	}
	if !pid.Alive() {
		t.Error("it was ended")
	}
}

// Where the system can, a program of our own user ends nothing of ours either,
// and asks nothing that listens without a file.
func TestIsolatedProgramReachesNothingOfOurs(t *testing.T) {
	accounts.Each(t, func(t *testing.T) {
		needsIsolation(t)
		version, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, unix.LANDLOCK_CREATE_RULESET_VERSION)
		if errno != 0 || version < 6 {
			t.Skip("this system is older than Linux 6.12")
		}
		i := &Isolation{As: NewDynamicUser()}
		defer i.As.Close()
		if got := isolated(t, i, "/", "kill -0 $PPID && echo S3CRET; sleep 60 & kill $! && echo own"); !strings.HasSuffix(got, "own") || strings.Contains(got, "S3CRET") {
			t.Errorf("signals: got %s", got)
		}
		name := "@cnalab-" + strconv.Itoa(os.Getpid())
		listener, err := net.Listen("unix", name)
		if err != nil {
			t.Fatal(err)
		}
		defer listener.Close()
		self, err := os.Executable()
		if err != nil {
			t.Fatal(err)
		}
		i.Reads = []string{self}
		if got := isolated(t, i, "/", dialsEnv+"="+name+" "+self); got != "connect: operation not permitted" {
			t.Errorf("a socket without a file: got %q", got)
		}
	})
}

// dialsEnv names what the test's own program dials instead of testing.
const dialsEnv = "CNALAB_TEST_DIALS"

func init() {
	if name := os.Getenv(dialsEnv); name != "" {
		_, err := net.Dial("unix", name)
		fmt.Println(errors.Unwrap(err))
		os.Exit(0)
	}
}

// What an isolated program cannot be started by is told as by any other.
func TestIsolatedProgramThatCannotStart(t *testing.T) {
	needsIsolation(t)
	dir := t.TempDir()
	for name, test := range map[string]struct {
		path string
		want error
	}{
		"none":                   {filepath.Join(dir, "none"), fs.ErrNotExist},
		"no program":             {write(t, "no", 0o644, dir, "no-program"), fs.ErrPermission},
		"a program of no system": {write(t, "no", 0o755, dir, "no-system"), syscall.ENOEXEC},
	} {
		tree := &Tree{Isolation: &Isolation{As: NewDynamicUser()}}
		if err := tree.Start(&exec.Cmd{Path: test.path, Args: []string{"x"}, Dir: dir}); !errors.Is(err, test.want) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// An isolated tree is found, frozen and ended as any other.
func TestIsolatedTreeIsHeld(t *testing.T) {
	accounts.Each(t, func(t *testing.T) {
		needsIsolation(t)
		cmd := exec.Command("sh", "-c", "trap 'exit 3' TERM; setsid sleep 60 & while :; do sleep 0.01; done")
		tree := &Tree{EnvTag: EnvTag("ISOLATION_TEST"), Isolation: &Isolation{As: NewDynamicUser()}, Data: 1 << 30}
		if err := tree.Start(cmd); err != nil {
			t.Fatal(err)
		}
		for count := 0; count < 2; count, _ = tree.Usage() {
		}
		tree.Freeze()
		tree.Resume()
		if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		if err, ok := errors.AsType[*exec.ExitError](cmd.Wait()); !ok || err.ExitCode() != 3 {
			t.Errorf("it ended with %v, want 3", err)
		}
		tree.Kill()
		if count, _ := tree.Usage(); count != 0 {
			t.Errorf("%d of it are left", count)
		}
	})
}

func BenchmarkStart(b *testing.B) {
	for name, i := range map[string]*Isolation{"plain": nil, "isolated": {Hides: []string{b.TempDir()}, As: NewDynamicUser()}} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				tree, cmd := &Tree{Isolation: i}, exec.Command("true")
				if err := tree.Start(cmd); err != nil {
					b.Fatal(err)
				}
				_ = cmd.Wait()
				tree.Kill()
			}
		})
	}
}
