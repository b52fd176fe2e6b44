package main

import (
	"archive/zip"
	"context"
	"errors"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// onlyThese leaves of the machine's programs those on the PATH.
func onlyThese(t *testing.T, names ...string) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("terminals need pseudo-terminals")
	}
	bin := t.TempDir()
	for _, name := range names {
		path, err := exec.LookPath(name)
		if err == nil {
			path, err = filepath.EvalSymlinks(path)
		}
		if err == nil {
			err = os.Symlink(path, filepath.Join(bin, name))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", bin)
}

// proxy serves modules from a folder: each is a program that says its name, its
// broker and how it was called.
func proxy(t *testing.T) {
	t.Helper()
	root := t.TempDir()
	for _, c := range clients {
		module, version, _ := strings.Cut(c.program, "@")
		dir := filepath.Join(root, filepath.FromSlash(module), "@v")
		mod := "module " + module + "\n\ngo 1.20\n"
		main := "package main\n\nimport (\n\t\"fmt\"\n\t\"os\"\n)\n\nfunc main() { fmt.Println(\"" + c.name + "\", os.Getenv(\"KCL_SEED_BROKERS\"), os.Args[1:]) }\n"
		if err := errors.Join(os.MkdirAll(dir, 0o755),
			os.WriteFile(filepath.Join(dir, "list"), []byte(version+"\n"), 0o644),
			os.WriteFile(filepath.Join(dir, version+".info"), []byte(`{"Version":"`+version+`"}`), 0o644),
			os.WriteFile(filepath.Join(dir, version+".mod"), []byte(mod), 0o644)); err != nil {
			t.Fatal(err)
		}
		f, err := os.Create(filepath.Join(dir, version+".zip"))
		if err != nil {
			t.Fatal(err)
		}
		z := zip.NewWriter(f)
		for name, text := range map[string]string{"go.mod": mod, "main.go": main} {
			w, err := z.Create(c.program + "/" + name)
			if err == nil {
				_, err = w.Write([]byte(text))
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := errors.Join(z.Close(), f.Close()); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("GOPROXY", "file://"+root)
}

// opened are the tools of a program whose terminals were opened, with modules
// of their own.
func opened(t *testing.T) *tools {
	t.Helper()
	t.Setenv("GOSUMDB", "off")
	t.Setenv("GOMODCACHE", t.TempDir())
	t.Cleanup(func() { exec.Command("go", "clean", "-modcache").Run() })
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	p := &program{data: folder(t.TempDir()), log: slog.New(slog.DiscardHandler)}
	tools := p.newTools()
	tools.start(ctx)
	return tools
}

func (t *tools) call(name string, args ...string) (string, error) {
	command := exec.Command(filepath.Join(t.folder, name), args...)
	command.Env = append(os.Environ(), "KAFKA=127.0.0.1:9092")
	out, err := command.CombinedOutput()
	return string(out), err
}

// What the machine lacks is on the PATH at once under its own name, and waits
// until it is built; the name of what is lacking says what there is.
func TestMissingClientsAreBuilt(t *testing.T) {
	onlyThese(t, "go", "sh", "sleep", "cat")
	proxy(t)
	tools := opened(t)
	for _, call := range []struct {
		name, want string
		works      bool
	}{
		{"usql", "usql  [-c select]\n", true},
		{"psql", "psql is not on this machine; this is usql, which understands most of what psql does.\nusql  [-c select]\n", true},
		{"kcl", "kcl 127.0.0.1:9092 [-c select]\n", true},
		{"kcat", "kcat is not on this machine. kcl is,", false},
	} {
		out, err := tools.call(call.name, "-c", "select")
		if _, after, waited := strings.Cut(out, "takes a minute…\n"); waited {
			out = after
		}
		if !strings.HasPrefix(out, call.want) || (err == nil) != call.works {
			t.Errorf("%s says %q, %v; want %q", call.name, out, err, call.want)
		}
	}
}

// Where nothing can be fetched, one sentence says so, and what to do.
func TestClientsThatCannotBeFetched(t *testing.T) {
	onlyThese(t, "go", "sh", "sleep", "cat")
	t.Setenv("GOPROXY", "off")
	tools := opened(t)
	for name, want := range map[string]string{
		"usql": "usql cannot be fetched and built here, so install psql: apt-get install postgresql-client, or brew install libpq.\n",
		"psql": "so install psql: apt-get install postgresql-client,",
		"kcl":  "kcl cannot be fetched and built here, so install kcat: apt-get install kcat, or brew install kcat.\n",
	} {
		if out, err := tools.call(name); err == nil || !strings.Contains(out, want) {
			t.Errorf("%s says %q, %v; want %q", name, out, err, want)
		}
	}
}

func TestOwnClientsOfTheMachineStay(t *testing.T) {
	onlyThese(t, "sh")
	for _, c := range clients {
		if err := os.WriteFile(filepath.Join(os.Getenv("PATH"), c.own), []byte("#!/bin/sh\n"), 0o755); err != nil {
			t.Fatal(err)
		}
		p := &program{data: folder(t.TempDir())}
		tools := p.newTools()
		missing, err := tools.name()
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range missing {
			if m.own == c.own {
				t.Errorf("%s is on the machine, and is replaced", c.own)
			}
		}
		if _, err := os.Stat(filepath.Join(tools.folder, c.own)); err == nil {
			t.Errorf("%s is hidden", c.own)
		}
	}
}
