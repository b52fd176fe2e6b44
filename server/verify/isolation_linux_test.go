package verify

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cnalab/fixtures/require"
	"cnalab/labs"
	"cnalab/labs/labtest/accounts"
	"cnalab/labs/labtest/intruder"
	"cnalab/labs/process"
	"cnalab/server/handin"
	"cnalab/server/sandbox/cleanup"
)

// grader is what somebody who grades has, in a folder that every user can reach.
type grader struct {
	*testing.T
	dir       string
	workspace string
	shell     *replayShell
}

func newGrader(t *testing.T) *grader {
	t.Helper()
	g := &grader{T: t}
	if os.Geteuid() == 0 {
		g.dir = accounts.Folder(t)
	} else if dir, err := os.MkdirTemp("", ""); err == nil { // a socket's path is short
		t.Cleanup(func() { os.RemoveAll(dir) })
		g.dir = dir
	}
	g.workspace = filepath.Join(g.dir, "data", "temp", "1", "workspace")
	intruder.Data(t, filepath.Join(g.dir, "data"))
	for _, name := range []string{"keys/instructor.pem", "labs/090/checks/checks_test.go", "labs/090/solution/01/order.go", "hand-ins/ana.zip", "home/.docker/config.json", "home/.docker/cli-plugins/docker-compose"} {
		g.write(intruder.Secret, name)
	}
	t.Setenv("GITHUB_TOKEN", intruder.Secret)
	t.Setenv("DOCKER_CONFIG", "")
	t.Setenv("PATH", filepath.Join(g.dir, "home", "bin")+":/usr/bin:/bin")
	helm := g.write("#!/bin/sh\necho helm\n", "home/programs/helm-3")
	if err := errors.Join(os.Chmod(helm, 0o755), os.Mkdir(filepath.Join(g.dir, "home", "bin"), 0o755), os.Symlink(helm, filepath.Join(g.dir, "home", "bin", "helm"))); err != nil {
		t.Fatal(err)
	}
	t.Setenv("HOME", filepath.Join(g.dir, "home"))
	g.write("", "data/temp/1/workspace/order/main.go")
	program, err := os.ReadFile(os.Args[0])
	if err := errors.Join(err, os.WriteFile(filepath.Join(g.workspace, "ask"), program, 0o755)); err != nil {
		t.Fatal(err)
	}
	t.Setenv("DOCKER_HOST", "unix://"+g.listen("engine.sock"))
	hides := []string{filepath.Join(g.dir, "data"), filepath.Join(g.dir, "keys"), filepath.Join(g.dir, "labs"), filepath.Join(g.dir, "hand-ins")}
	g.shell = newReplayShell(g.workspace, []string{"DOCKER_HOST=unix://" + g.listen("data/way.sock"), "KUBECONFIG=" + g.write("cluster", "data/run/kubeconfig")}, hides)
	t.Cleanup(g.shell.close)
	if err := g.shell.prepare(t.Context(), filepath.Join(g.dir, "data", "temp", "1")); err != nil {
		t.Fatal(err)
	}
	return g
}

func (g *grader) write(text, name string) string {
	g.Helper()
	file := filepath.Join(g.dir, filepath.FromSlash(name))
	if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, []byte(text), 0o644)); err != nil {
		g.Fatal(err)
	}
	return file
}

// listen tells the secret to who asks at the socket.
func (g *grader) listen(name string) string {
	g.Helper()
	at := filepath.Join(g.dir, filepath.FromSlash(name))
	l, err := net.Listen("unix", at)
	if err != nil {
		g.Fatal(err)
	}
	g.Cleanup(func() { l.Close() })
	go func() {
		for c, err := l.Accept(); err == nil; c, err = l.Accept() {
			_, _ = io.WriteString(c, intruder.Secret)
			c.Close()
		}
	}()
	return at
}

// TestAsk is what a command asks a socket by, in a copy of this program.
func TestAsk(t *testing.T) {
	if os.Getenv("ASK") == "" {
		return
	}
	if c, err := net.Dial("unix", os.Getenv("ASK")); err == nil {
		_, _ = io.Copy(os.Stdout, c)
	}
	os.Exit(0)
}

// prints is what a command has printed.
func (g *grader) prints(line string) string {
	g.Helper()
	_ = os.Remove(filepath.Join(g.workspace, "printed"))
	g.shell.do(g.Context(), handin.Command{Line: "{ " + line + "\n} > " + g.workspace + "/printed 2>&1", Folder: "."})
	text, err := os.ReadFile(filepath.Join(g.workspace, "printed"))
	if err != nil {
		g.Errorf("%s: %v", line, err)
	}
	return string(text)
}

// ways are commands that reach for what is the grader's. What they find is the
// secret.
func (g *grader) ways() map[string]string {
	at := func(name string) string { return filepath.Join(g.dir, filepath.FromSlash(name)) }
	return map[string]string{
		"the key":                "cat " + at("keys/instructor.pem"),
		"progress":               "cat " + at("data/progress.db"),
		"the data folder":        "find " + at("data") + " -type f -size -8k -exec cat {} +",
		"the checks":             "cat " + at("labs/090/checks/checks_test.go"),
		"the solution":           "cat " + at("labs/090/solution/01/order.go"),
		"another's work":         "cat " + at("hand-ins/ana.zip"),
		"the home":               "cat " + at("home/.docker/config.json") + " ~/.docker/config.json",
		"a link":                 "ln -sfn " + at("data/token") + " link; cat link",
		"the environment":        "env; cat /proc/[0-9]*/environ | tr '\\0' '\\n'",
		"the judge's files":      "cat /proc/" + fmt.Sprint(os.Getpid()) + "/root" + at("data/token"),
		"the engine":             "ASK=" + at("engine.sock") + " ./ask -test.run=^TestAsk$",
		"what covers the hidden": "umount -l " + at("data") + "; cat " + at("data/token"),
	}
}

func TestCommandsReachNothingOfTheGrader(t *testing.T) {
	accounts.Each(t, func(t *testing.T) {
		if process.Isolates() == process.NotIsolated {
			require.Missing(t, "isolation", "this system does not let us isolate programs")
		}
		g := newGrader(t)
		for what, line := range g.ways() {
			if text := g.prints(line); strings.Contains(text, intruder.Secret) {
				t.Errorf("%s: %.400q", what, text)
			}
		}
		g.prints("echo x >> " + g.dir + "/data/progress.db; echo x > " + g.dir + "/data/intruder; touch " + g.dir + "/home/intruder; rm -rf " + g.dir + "/home/.docker")
		intruder.Unchanged(t, filepath.Join(g.dir, "data"))
		if _, err := os.Stat(filepath.Join(g.dir, "home", "intruder")); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("it has written into the home: %v", err)
		}
		if _, err := os.Stat(filepath.Join(g.dir, "home", ".docker", "config.json")); err != nil {
			t.Error(err)
		}
		g.worksAsInATerminal()
		t.Setenv(process.EnvLevel, string(process.NotIsolated))
		g.shell.end()
		for what, line := range g.ways() { // where nothing keeps it away it does all that, so that this test can fail
			if text := g.prints(line); !strings.Contains(text, intruder.Secret) && what != "the environment" {
				t.Errorf("not isolated, %s: %.400q", what, text)
			}
		}
	})
}

// worksAsInATerminal has the commands do what a learner's do.
func (g *grader) worksAsInATerminal() {
	g.Helper()
	way := strings.TrimPrefix(g.shell.addresses[0], "DOCKER_HOST=unix://")
	for _, command := range []struct{ line, want string }{
		{"ASK=" + way + " ./ask -test.run=^TestAsk$", intruder.Secret},
		{"helm; ls $(dirname $(readlink $(command -v helm)))", "helm\nhelm-3\n"},
		{"echo $DOCKER_HOST", "unix://" + way + "\n"},
		{"cat $(sed 's/.*\\[\"//; s/\".*//' $DOCKER_CONFIG/config.json)/docker-compose", intruder.Secret},
		{"echo changed > $KUBECONFIG && cat $KUBECONFIG", "changed\n"},
		{"mkdir -p made/here && echo x > made/here/file; umask 077; mkdir of", ""},
		{"echo x > order/main.go && echo y > $TMPDIR/y && echo z > ~/z && cat order/main.go $TMPDIR/y ~/z", "x\ny\nz\n"},
		{"chmod 0 made", ""},
	} {
		if text := g.prints(command.line); text != command.want {
			g.Errorf("%s: got %.400q, want %q", command.line, text, command.want)
		}
	}
	if text, err := os.ReadFile(filepath.Join(g.dir, "data/run/kubeconfig")); string(text) != "cluster" {
		g.Errorf("checks reach the cluster by %q, %v", text, err)
	}
	root, err := os.OpenRoot(g.workspace)
	if err != nil {
		g.Fatal(err)
	}
	defer root.Close()
	if err := cleanup.Unlock(root); err != nil {
		g.Error(err)
	}
	if err := (labs.Tree{"order/main.go": []byte("ours\n")}).Write(root); err != nil {
		g.Error(err)
	}
	if text := g.prints("cat order/main.go; echo theirs > order/main.go"); text != "ours\n" {
		g.Errorf("what is written between two commands is %q", text)
	}
	if err := (labs.Tree{"ask": nil, "printed": nil}).Prune(root, func(name string) bool { return name == "ask" || name == "printed" }); err != nil {
		g.Error(err)
	}
	if left, err := os.ReadDir(g.workspace); err != nil || len(left) != 2 {
		g.Errorf("%v is left, %v", left, err)
	}
}

// What is told is what kept least away, of the checks and of the commands.
func TestTheWeakerIsolationIsTold(t *testing.T) {
	for want, of := range map[labs.Isolation][2]labs.Isolation{
		labs.ByNothing:   {labs.ByContainer, labs.ByNothing},
		labs.ByAccount:   {labs.ByContainer, labs.ByAccount},
		labs.ByContainer: {"", labs.ByContainer},
		"":               {"", ""},
	} {
		if got := weaker(of[0], of[1]); got != want || weaker(of[1], of[0]) != want {
			t.Errorf("%v: %q, want %q", of, got, want)
		}
	}
}

// What a hand-in writes is bounded, whichever folder it may write to it is in.
func TestWhatCommandsWriteIsBounded(t *testing.T) {
	accounts.Each(t, func(t *testing.T) {
		if process.Isolates() == process.NotIsolated {
			require.Missing(t, "isolation", "this system does not let us isolate programs")
		}
		g := newGrader(t)
		g.shell.bytes = 16 << 20
		for _, to := range []string{"much", "$TMPDIR/much", "/tmp/much"} {
			does(t, g.shell, "head -c 10m /dev/zero > some", "")
			does(t, g.shell, "head -c 20m /dev/zero > "+to+"; sleep 60", "was ended: what was done again wrote more than 16 MB.")
		}
	})
}
