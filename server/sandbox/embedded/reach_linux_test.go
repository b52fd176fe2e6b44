package embedded_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cnalab/labs/labtest/intruder"
	"cnalab/labs/process"
	"cnalab/server/sandbox"
	"cnalab/server/sandbox/embedded"
	"cnalab/server/sandbox/sandboxtest"
)

// What the server, the other parts and other labs have is out of reach of a
// learner's service.
func TestNothingIsInReachOfAService(t *testing.T) {
	intruder.NeedsIsolation(t)
	dir := t.TempDir()
	data, lab := filepath.Join(dir, "data"), filepath.Join(dir, "labs", "999-contract")
	keys, workspace := filepath.Join(dir, "keys"), filepath.Join(data, "workspaces", "contract")
	intruder.Data(t, data)
	for _, secret := range []string{filepath.Join(lab, "checks", "checks_test.go"), filepath.Join(lab, "solution", "01", "order.go"), filepath.Join(keys, "instructor.pem")} {
		if err := errors.Join(os.MkdirAll(filepath.Dir(secret), 0o755), os.WriteFile(secret, []byte(intruder.Secret), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range map[string]string{
		"go.mod":            "module shop\n\ngo 1.26.0\n",
		"order/intruder.go": intruder.Source("main", data, lab, keys),
		"order/main.go":     "package main\n\nimport (\n\t\"fmt\"\n\t\"net/http\"\n\t\"os\"\n)\n\nfunc main() {\n\tfmt.Println(\"the end\")\n\thttp.ListenAndServe(os.Getenv(\"ADDR\"), nil)\n}\n",
	} {
		file := filepath.Join(workspace, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("GITHUB_TOKEN", intruder.Secret)
	p := embedded.New(embedded.Config{Root: root, Data: data, Hides: []string{keys}, Kinds: sandboxtest.Kinds(root)})
	t.Cleanup(func() { p.Close() })
	contract := sandboxtest.Lab(sandboxtest.Service("order", ""))
	contract.Dir = lab
	said := func() (text string) {
		t.Helper()
		open, err := p.Open(t.Context(), sandbox.Request{Lab: contract, Workspace: workspace})
		if err != nil {
			t.Fatal(err)
		}
		defer open.Close()
		for _, line := range open.Log("order", 1000) {
			text += line.Text + "\n"
		}
		if !strings.Contains(text, "the end") {
			t.Fatalf("it did not do all: %s", text)
		}
		return text
	}
	if text := said(); strings.Contains(text, intruder.Reached) {
		t.Error(text)
	}
	intruder.Unchanged(t, data)
	t.Setenv(process.EnvLevel, string(process.NotIsolated))
	if text := said(); !strings.Contains(text, intruder.Reached+" read "+filepath.Join(keys, "instructor.pem")) {
		t.Errorf("what is not isolated reaches nothing either: %s", text)
	}
}
