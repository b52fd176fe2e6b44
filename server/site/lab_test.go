package site_test

import (
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"cnalab/labs"
	"cnalab/labs/load"
)

// writeLab writes the files of testdata/lab.txtar to a folder and reads it as a lab.
func writeLab(t testing.TB) *labs.Lab {
	t.Helper()
	archive, err := txtar.ParseFile("testdata/lab.txtar")
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "040-event-driven")
	for _, f := range archive.Files {
		path := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	lab, broken := load.Lab(dir)
	if len(broken) > 0 {
		t.Fatalf("the test's lab is broken: %v", broken)
	}
	return lab
}

// After the last step the page leads to a step that has not passed, and says
// that the lab is done only when all have.
func TestTheLastStepLeadsToWhatIsLeft(t *testing.T) {
	r := newRig(t)
	server := httptest.NewServer(r)
	t.Cleanup(server.Close)
	last := func() string {
		ask(t, server, "POST", "/labs/event-driven/steps/2/check")
		_, body := ask(t, server, "GET", "/labs/event-driven/steps/2")
		return body
	}
	const left, done = `next-step" href="/labs/event-driven/steps/1"`, "All steps have passed"
	if body := last(); !strings.Contains(body, left) || strings.Contains(body, done) {
		t.Errorf("step 1 is left, and the page does not lead there")
	}
	ask(t, server, "POST", "/labs/event-driven/steps/1/check")
	if body := last(); strings.Contains(body, left) || !strings.Contains(body, done) {
		t.Errorf("all have passed, and the page does not say so")
	}
}
