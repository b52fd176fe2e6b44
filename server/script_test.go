package main

import (
	"archive/zip"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"cnalab/server/sandbox/cleanup"
)

func TestMain(m *testing.M) {
	cleanup.ReaperMain(abandoned)
	testscript.Main(m, map[string]func(){"cnalab": main})
}

// The scripts read like a terminal: what is typed, what comes out, what the
// program exits with.
func TestScripts(t *testing.T) {
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("ROOT", root)
			program, err := exec.LookPath("cnalab") // testscript put it on the PATH
			if err != nil {
				return err
			}
			e.Setenv("CNALAB", program)
			e.Setenv("PORT", freePort(t))
			e.Setenv("XDG_DATA_HOME", filepath.Join(e.WorkDir, "share"))
			return copyGoEnvironment(e.Setenv)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":   exits,
			"await":   await,
			"occupy":  occupy,
			"request": request,
			"answers": answers,
			"sigterm": sigterm,
			"project": makeProject,
			"unzip":   unzip,
			"zip":     zipFile,
		},
	})
}

// copyGoEnvironment lets the go command use the caches it has in a home folder
// of the test's own.
func copyGoEnvironment(set func(name, value string)) error {
	for _, name := range []string{"GOCACHE", "GOMODCACHE", "GOPROXY", "GOFLAGS"} {
		out, err := exec.Command("go", "env", name).Output()
		if err != nil {
			return fmt.Errorf("ask go for %s: %w", name, err)
		}
		set(name, strings.TrimSpace(string(out)))
	}
	return nil
}

func freePort(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	return port
}

// exits runs a command and looks at its exit code: exits 64 cnalab verify x,
// or exits any cnalab doctor where the machine decides.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits code command [args...]")
	}
	err := ts.Exec(args[1], args[2:]...)
	code := 0
	if err != nil {
		exit, ok := err.(*exec.ExitError)
		if !ok {
			ts.Fatalf("run %s: %v", args[1], err)
		}
		code = exit.ExitCode()
	}
	if args[0] != "any" && fmt.Sprint(code) != args[0] {
		ts.Fatalf("%s exits with %d, want %s", args[1], code, args[0])
	}
}

// await waits until a file exists: await data/server.json. Its name may be a
// pattern.
func await(ts *testscript.TestScript, neg bool, args []string) {
	for range 200 {
		if found, _ := filepath.Glob(ts.MkAbs(args[0])); (len(found) > 0) != neg {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	ts.Fatalf("%s: not in time", args[0])
}

// occupy listens on a port until the script ends.
func occupy(ts *testscript.TestScript, _ bool, args []string) {
	listener, err := net.Listen("tcp", "127.0.0.1:"+args[0])
	ts.Check(err)
	ts.Defer(func() { listener.Close() })
}

// request asks a server and writes what it answers, with the status as its
// last line: request GET URL file [token-file].
func request(ts *testscript.TestScript, _ bool, args []string) {
	asked, err := http.NewRequest(args[0], args[1], nil)
	ts.Check(err)
	if len(args) > 3 {
		asked.Header.Set("Authorization", "Bearer "+strings.TrimSpace(ts.ReadFile(args[3])))
	}
	answer, err := http.DefaultTransport.RoundTrip(asked)
	ts.Check(err)
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), fmt.Appendf(text, "\n%d\n", answer.StatusCode), 0o644))
}

// answers waits until a server answers at all.
func answers(ts *testscript.TestScript, _ bool, args []string) {
	for range 200 {
		if answer, err := http.Get(args[0]); err == nil {
			answer.Body.Close()
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	ts.Fatalf("%s does not answer", args[0])
}

// sigterm asks what runs in the background to end, as a service manager does,
// and says it again at once, as timeout(1) does.
func sigterm(ts *testscript.TestScript, _ bool, _ []string) {
	for _, background := range ts.BackgroundCmds() {
		ts.Check(background.Process.Signal(syscall.SIGTERM))
		for range 100 {
			time.Sleep(200 * time.Microsecond)
			_ = background.Process.Signal(syscall.SIGTERM) // it may have ended
		}
	}
}

// makeProject makes the folder a project that builds: the real one's module and
// packages, with whatever else the script has put there.
func makeProject(ts *testscript.TestScript, _ bool, args []string) {
	root, dir := ts.Getenv("ROOT"), ts.MkAbs(args[0])
	for _, name := range []string{"go.mod", "go.sum"} {
		ts.Check(os.WriteFile(filepath.Join(dir, name), []byte(ts.ReadFile(filepath.Join(root, name))), 0o644))
	}
	for _, name := range []string{"labs", "labs/bounded", "labs/cache", "labs/check", "labs/check/proc", "labs/environ", "labs/gobuild", "labs/loopback", "labs/process"} {
		ts.Check(copyFiles(filepath.Join(root, name), filepath.Join(dir, name)))
	}
}

// copyFiles copies the files of one folder, without those below it.
func copyFiles(from, to string) error {
	entries, err := os.ReadDir(from)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(to, 0o755); err != nil {
		return err
	}
	for _, entry := range entries {
		if !entry.Type().IsRegular() {
			continue
		}
		text, err := os.ReadFile(filepath.Join(from, entry.Name()))
		if err == nil {
			err = os.WriteFile(filepath.Join(to, entry.Name()), text, 0o644)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// unzip writes a zip's files to a folder.
func unzip(ts *testscript.TestScript, _ bool, args []string) {
	archive, err := zip.OpenReader(ts.MkAbs(args[0]))
	ts.Check(err)
	defer archive.Close()
	ts.Check(os.CopyFS(ts.MkAbs(args[1]), archive))
}

// zipFile writes a zip with one file in it.
func zipFile(ts *testscript.TestScript, _ bool, args []string) {
	file, err := os.Create(ts.MkAbs(args[0]))
	ts.Check(err)
	defer file.Close()
	archive := zip.NewWriter(file)
	to, err := archive.Create(filepath.Base(args[1]))
	ts.Check(err)
	_, err = io.WriteString(to, ts.ReadFile(args[1]))
	ts.Check(err)
	ts.Check(archive.Close())
}
