package main

import (
	"encoding/binary"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"cnalab/labs/environ"
	"cnalab/labs/gobuild"
	"cnalab/server/terminal"
)

// settings are the files by which a home changes what programs do, or asks for
// passwords with.
var settings = []string{".bashrc", ".bash_profile", ".profile", ".zshrc", ".zshenv", ".gitconfig", ".config/git/config", ".npmrc", ".netrc",
	".docker/config.json", ".kube/config", ".psqlrc", ".pgpass", ".pg_service.conf", ".config/kcat.conf"}

// traps makes a home whose every file is broken, and returns what tells which of
// them were opened.
func traps(t *testing.T) (opened func() []string) {
	t.Helper()
	home := t.TempDir()
	t.Setenv("HOME", home)
	for _, name := range []string{"XDG_CONFIG_HOME", "GOENV", "DOCKER_CONFIG", "KUBECONFIG", "BASH_ENV", "ENV"} {
		t.Setenv(name, "")
	}
	watch, err := unix.InotifyInit1(unix.IN_CLOEXEC | unix.IN_NONBLOCK)
	if err != nil {
		t.Skip("this system watches no files:", err)
	}
	t.Cleanup(func() { unix.Close(watch) })
	var events [unix.SizeofInotifyEvent]byte
	names := map[int]string{}
	for _, name := range append(settings, ".config/go/env") {
		file := filepath.Join(home, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, []byte("if ((( { [\n"), 0o600)); err != nil {
			t.Fatal(err)
		}
		if name == ".config/go/env" {
			continue // we read it ourselves, for where modules come from
		}
		at, err := unix.InotifyAddWatch(watch, file, unix.IN_OPEN)
		if err != nil {
			t.Fatal(err)
		}
		names[at] = name
	}
	return func() (all []string) {
		for {
			n, err := unix.Read(watch, events[:])
			if err != nil || n < len(events) {
				return all
			}
			all = append(all, names[int(binary.NativeEndian.Uint32(events[:]))])
		}
	}
}

// Whatever a home has for the programs that we start, none reads it, but the shell
// that is the learner's own.
func TestNothingOfAHomeIsRead(t *testing.T) {
	goPath, err := exec.Command("go", "env", "GOCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("GOCACHE", strings.TrimSpace(string(goPath)))
	opened := traps(t)
	module := t.TempDir()
	if err := errors.Join(os.WriteFile(filepath.Join(module, "go.mod"), []byte("module one\n\ngo 1.26.0\n"), 0o600),
		os.WriteFile(filepath.Join(module, "main.go"), []byte("package main\n\nfunc main() {}\n"), 0o600)); err != nil {
		t.Fatal(err)
	}
	run := func(cmd *exec.Cmd, env []string) error {
		cmd.Env, cmd.Dir = env, module
		out, err := cmd.CombinedOutput()
		if err == nil && !strings.Contains(string(out), "works") {
			err = errors.New(string(out))
		}
		return err
	}
	shell := func(plain bool) error {
		cmd, err := terminal.Local{Folder: t.TempDir()}.Start(terminal.Request{Lab: "one", Dir: module, Plain: plain})
		if err != nil {
			return err
		}
		cmd.Stdin = strings.NewReader("echo works; exit\n")
		return run(cmd, cmd.Env)
	}
	t.Setenv("SHELL", "bash")
	for name, start := range map[string]func() error{
		"a build": func() error {
			_, err := gobuild.Command{Dir: module, Args: []string{"build", "-o", filepath.Join(module, "one"), "."}}.Run(t.Context())
			return err
		},
		"a lab's script":    func() error { return run(exec.Command("sh", "-e", "-c", "echo works"), environ.Script(nil)) },
		"a check":           func() error { return run(exec.Command("sh", "-c", "echo works"), environ.Check()) },
		"another's command": func() error { return run(exec.Command("bash", "-c", "echo works"), environ.Untrusted(nil)) },
		"a plain shell":     func() error { return shell(true) },
	} {
		if err := start(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if read := opened(); len(read) > 0 {
			t.Errorf("%s has read %v", name, read)
		}
	}
	if err := shell(false); err != nil { // broken as it is, it is a shell
		t.Error(err)
	}
	if read := opened(); len(read) == 0 {
		t.Error("the learner's own shell has read nothing, so this test would see nothing")
	}
}
