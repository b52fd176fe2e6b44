package proc

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"cnalab/labs"
	"cnalab/labs/environ"
	"cnalab/labs/labtest/accounts"
	"cnalab/labs/labtest/intruder"
)

// What the judge has is out of reach of the programs that it runs: its
// environment, its memory, its files, and those of others.
func TestTheJudgeIsOutOfReach(t *testing.T) {
	const variable = "INTRUDER_PROGRAM"
	program := os.Getenv(variable)
	if program == "" {
		program = build(t)
	}
	accounts.Each(t, func(t *testing.T) {
		intruder.NeedsIsolation(t)
		dir := t.TempDir()
		data, workspace := filepath.Join(dir, "data"), filepath.Join(dir, "data", "workspaces", "010")
		if err := os.MkdirAll(workspace, 0o755); err != nil {
			t.Fatal(err)
		}
		intruder.Data(t, data)
		t.Setenv(labs.EnvHides, data)
		t.Setenv(labs.EnvWorkspace, workspace)
		t.Setenv(labs.EnvControl, "http://"+intruder.Secret+"@127.0.0.1:9")
		t.Setenv("GITHUB_TOKEN", intruder.Secret)
		t.Setenv("KAFKA", "127.0.0.1:9")
		t.Setenv(labs.EnvPassEnvironment, "KAFKA "+labs.EnvControl)
		run := func(isolated bool) string {
			t.Helper()
			got, err := Run(t.Context(), Command{Path: program, Args: []string{data}, Dir: workspace, Isolated: isolated})
			if err != nil || !got.Exit.OK() || !strings.Contains(got.Stdout, "the end") {
				t.Fatalf("got %+v, %v", got, err)
			}
			return got.Stdout
		}
		if said := run(true); strings.Contains(said, intruder.Reached) {
			t.Error(said)
		}
		intruder.Unchanged(t, data)
		if said := run(false); !strings.Contains(said, intruder.Reached+" read "+data+"/token") {
			t.Errorf("what is not isolated reaches nothing either: %s", said)
		}
	}, variable+"="+program)
}

// A file that the check names is there for an isolated program, hidden or not.
func TestIsolatedProgramReadsWhatItsCheckNames(t *testing.T) {
	accounts.Each(t, func(t *testing.T) {
		intruder.NeedsIsolation(t)
		data := t.TempDir()
		workspace, key := filepath.Join(data, "workspace"), filepath.Join(data, "tls.key")
		if err := errors.Join(os.Mkdir(workspace, 0o755), os.WriteFile(key, []byte("key"), 0o600)); err != nil {
			t.Fatal(err)
		}
		t.Setenv(labs.EnvHides, data)
		t.Setenv(labs.EnvWorkspace, workspace)
		for want, reads := range map[string][]string{"key": {key}, "": nil} {
			got, err := Run(t.Context(), Command{Path: "cat", Args: []string{key}, Dir: workspace, Isolated: true, Reads: reads})
			if err != nil || got.Stdout != want {
				t.Errorf("with %q it reads %q, %v", reads, got.Stdout, err)
			}
		}
	})
}

// build builds the intruder where every account can run it.
func build(t *testing.T) (program string) {
	t.Helper()
	source, to := t.TempDir(), t.TempDir()
	if os.Geteuid() == 0 {
		to = accounts.Folder(t)
	}
	program = filepath.Join(to, "intruder")
	err := errors.Join(
		os.WriteFile(filepath.Join(source, "go.mod"), []byte("module intruder\n\ngo 1.26\n"), 0o644),
		os.WriteFile(filepath.Join(source, "main.go"), []byte("package main\n\nimport \"fmt\"\n\nfunc main() { fmt.Println(\"the end\") }\n"), 0o644),
		os.WriteFile(filepath.Join(source, "intruder.go"), []byte(intruder.Source("main")), 0o644))
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("go", "build", "-o", program, ".")
	cmd.Dir, cmd.Env = source, environ.Go(false)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return program
}
