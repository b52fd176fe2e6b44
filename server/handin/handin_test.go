package handin

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cnalab/labs"
)

// write makes a folder hold the files.
func write(t *testing.T, dir string, files map[string]string) string {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// lab is one of two steps, with files that a learner is given.
func lab(t *testing.T, id, number string, workspace map[string]string) *labs.Lab {
	t.Helper()
	l := &labs.Lab{ID: id, Number: number, Dir: t.TempDir(), Name: labs.Name{Title: strings.ToUpper(id)}, Steps: []labs.Step{{Number: 1}, {Number: 2}},
		Parts: []labs.Part{{Name: "docker", Kind: labs.KindDocker}}}
	write(t, filepath.Join(l.Dir, "workspace"), workspace)
	write(t, l.Dir, map[string]string{"solution/01/solved.yaml": "a", "solution/02/solved.yaml": "b", "checks/checks_test.go": "package checks", "checks/testdata/x": "x"})
	return l
}

func images(t *testing.T) *labs.Lab {
	return lab(t, "images", "090", map[string]string{"Dockerfile": "FROM x\n", "order/main.go": "package main\n", "README.md": "notes\n"})
}

func greet(t *testing.T) *labs.Lab {
	return lab(t, "greet", "010", map[string]string{"hello/main.go": "package main\n", "hello/words.go": "package main\n", "README.md": "notes\n"})
}

var (
	opened = time.Date(2026, 11, 3, 10, 0, 0, 5, time.UTC)
	later  = opened.Add(time.Hour)
)

// typed is what a shell adds to the file for a sandbox.
func typed(t *testing.T, r Record, sandbox time.Time, text string) {
	t.Helper()
	log, err := r.Log(sandbox)
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.OpenFile(log, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if _, err := io.WriteString(file, text); err != nil {
		t.Fatal(err)
	}
}

func passed(t *testing.T, r Record, workspace string, s Step) {
	t.Helper()
	if err := r.Passed(s, workspace); err != nil {
		t.Fatal(err)
	}
}

func TestWhatWasTypedGoesToTheStepThatPasses(t *testing.T) {
	workspace := write(t, t.TempDir(), map[string]string{"Dockerfile": "one", "order/main.go": "package main"})
	r := RecordIn(filepath.Join(t.TempDir(), "record"))
	typed(t, r, opened, "#: 2026-11-03T10:01:00Z exit 1 in "+workspace+"\ndocker build .\n#: 2026-11-03T10:02:00Z exit 0 in "+workspace+"/order\ncat > x <<END\na\nEND\n\n")
	passed(t, r, workspace, Step{Number: 1, Sandbox: opened, Passed: opened.Add(time.Minute), Names: map[string]string{"workspace": workspace}, Compose: []byte("services: {}\n")})
	write(t, workspace, map[string]string{"Dockerfile": "two"})
	typed(t, r, opened, "#: 2026-11-03T10:03:00Z exit 0 in /elsewhere\ndocker ps\n")
	passed(t, r, workspace, Step{Number: 2, Sandbox: opened, Passed: opened.Add(2 * time.Minute)})
	steps, err := ReadSteps(os.DirFS(r.dir))
	if err != nil || len(steps) != 2 {
		t.Fatalf("%v, %v", steps, err)
	}
	at := func(minute int) time.Time { return time.Date(2026, 11, 3, 10, minute, 0, 0, time.UTC) }
	want := [][]Command{
		{{"docker build .", 1, ".", at(1)}, {"cat > x <<END\na\nEND", 0, "order", at(2)}},
		{{"docker ps", 0, "/elsewhere", at(3)}},
	}
	if diff := cmp.Diff(want, [][]Command{steps[0].Commands, steps[1].Commands}); diff != "" {
		t.Error(diff)
	}
	if got := string(steps[0].Files["Dockerfile"]) + string(steps[1].Files["Dockerfile"]); got != "onetwo" {
		t.Errorf("the files are %q", got)
	}
	if string(steps[0].Compose) != "services: {}\n" || steps[0].Names["workspace"] != workspace {
		t.Errorf("step 1 has %+v", steps[0])
	}
}

// In another sandbox what was typed in the one before is not there any more.
func TestStepsAreInTheOrderInWhichTheyPassed(t *testing.T) {
	workspace := write(t, t.TempDir(), map[string]string{"a": "a"})
	r := RecordIn(t.TempDir())
	typed(t, r, opened, "#: 2026-11-03T10:01:00Z exit 0 in /\nfirst\n")
	passed(t, r, workspace, Step{Number: 2, Sandbox: opened, Passed: opened})
	typed(t, r, opened, "#: 2026-11-03T10:01:00Z exit 0 in /\nlost with its sandbox\n")
	typed(t, r, later, "#: 2026-11-03T11:01:00Z exit 0 in /\nsecond\n")
	passed(t, r, workspace, Step{Number: 1, Sandbox: later, Passed: later})
	steps, err := ReadSteps(os.DirFS(r.dir))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range steps {
		for _, c := range s.Commands {
			got = append(got, c.Line)
		}
	}
	if diff := cmp.Diff([]string{"first", "second"}, got); diff != "" {
		t.Error(diff)
	}
}

// What was typed for a step stays as long as what was done after it needs it.
func TestAStepIsRecordedAgainWhereNothingNeedsIt(t *testing.T) {
	workspace := write(t, t.TempDir(), map[string]string{"a": "a"})
	r := RecordIn(t.TempDir())
	passed(t, r, workspace, Step{Number: 1, Sandbox: opened, Passed: opened})
	passed(t, r, workspace, Step{Number: 2, Sandbox: opened, Passed: opened.Add(time.Minute)})
	for _, step := range []struct {
		number  int
		sandbox time.Time
		stays   bool
	}{{1, opened, true}, {2, opened, true}, {3, opened, false}, {1, later, true}, {2, later, false}} {
		if got := r.Has(step.number, step.sandbox); got != step.stays {
			t.Errorf("that step %d stays as it was is %v in the sandbox of %v", step.number, got, step.sandbox)
		}
	}
}

// What is handed in before a step passes is no record of that step.
func TestAHandInRecordsNothing(t *testing.T) {
	workspace := write(t, t.TempDir(), map[string]string{"Dockerfile": "x"})
	s := source(t, images(t), workspace)
	pack(t, s)
	if s.Record.Has(2, opened) {
		t.Error("a step that has not passed is recorded")
	}
	passed(t, s.Record, workspace, Step{Number: 2, Sandbox: opened, Passed: later, Compose: []byte("services: {}\n")})
	file := pack(t, s)
	if got := entry(t, file, "images/handin/02.sh"); !strings.Contains(got, "docker run x") {
		t.Errorf("what was typed is lost: %q", got)
	}
	if got := entry(t, file, "images/handin/02-compose.yaml"); got == "" {
		t.Error("what the engine held is lost")
	}
}

// source is a learner's work with one step recorded and one begun.
func source(t *testing.T, l *labs.Lab, workspace string) Source {
	t.Helper()
	r := RecordIn(t.TempDir())
	typed(t, r, opened, "#: 2026-11-03T10:01:00Z exit 0 in "+workspace+"\ndocker build .\n")
	passed(t, r, workspace, Step{Number: 1, Sandbox: opened, Passed: opened})
	typed(t, r, opened, "#: 2026-11-03T10:02:00Z exit 0 in "+workspace+"\ndocker run x\n")
	return Source{Lab: l, Workspace: workspace, Record: r, At: later,
		Standing: map[int]labs.Standing{1: {Passed: opened, LastAt: opened, Last: &labs.StepReport{Step: 1, Verdict: labs.Passed}}}}
}

func pack(t *testing.T, s Source) string {
	t.Helper()
	var out bytes.Buffer
	if err := Pack(&out, s); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "kim.zip")
	if err := os.WriteFile(file, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func ownModule(context.Context) ([]byte, []byte, error) {
	return []byte("module shop\n"), []byte("sums\n"), nil
}

func finder(l *labs.Lab, others ...*labs.Lab) Finder {
	return Finder{Lab: l, All: append(others, l), Module: ownModule}
}

func find(t *testing.T, f Finder, given string) *Work {
	t.Helper()
	f.Temp = t.TempDir()
	work, err := f.Open(t.Context(), given)
	if err != nil {
		t.Fatal(err)
	}
	if work.Dir != given && !strings.HasPrefix(work.Dir, f.Temp) {
		t.Errorf("it is unpacked to %s, where nobody removes it", work.Dir)
	}
	return work
}

func TestAHandInIsFoundAgain(t *testing.T) {
	l := images(t)
	workspace := write(t, t.TempDir(), map[string]string{"Dockerfile": "FROM y\n", "order/main.go": "package main\n", "go.mod": "module own\n",
		".git/config": "x", "order/order.test": "x", "big": strings.Repeat("x", 2<<20)})
	file := pack(t, source(t, l, workspace))
	work := find(t, finder(l), file)
	files, err := Files(work.Dir)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"Dockerfile", "go.mod", "order/main.go"}, files.Paths()); diff != "" {
		t.Error(diff)
	}
	if len(work.Steps) != 2 || work.Steps[0].Commands[0].Line != "docker build ." || work.Steps[1].Commands[0].Line != "docker run x" || !work.Steps[1].Passed.IsZero() {
		t.Errorf("what was done is %+v", work.Steps)
	}
	if len(work.Notes) > 0 {
		t.Errorf("noted of a hand-in as it should be: %v", work.Notes)
	}
	var receipt Receipt
	if err := json.Unmarshal([]byte(entry(t, file, "images/receipt.json")), &receipt); err != nil {
		t.Fatal(err)
	}
	want := Receipt{Lab: "images", Version: Version(l), At: later.Truncate(time.Second), Digest: receipt.Digest, Steps: []ReceiptStep{{1, labs.Passed, opened, opened}},
		Left: []string{"big", "order/order.test"}, Says: receipt.Says}
	if diff := cmp.Diff(want, receipt); diff != "" {
		t.Error(diff)
	}
	if !strings.Contains(strings.Join(receipt.Says, " "), "Secrets") {
		t.Errorf("the receipt does not say that secrets are in it: %v", receipt.Says)
	}
}

func entry(t *testing.T, file, name string) string {
	t.Helper()
	archive, err := zip.OpenReader(file)
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	text, err := fs.ReadFile(archive, name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestTheSameWorkMakesTheSameZip(t *testing.T) {
	l := images(t)
	s := source(t, l, write(t, t.TempDir(), map[string]string{"b": "b", "a/x": "x", "a.y": "y", "Dockerfile": "z"}))
	one, err1 := os.ReadFile(pack(t, s))
	two, err2 := os.ReadFile(pack(t, s))
	if err1 != nil || err2 != nil || !bytes.Equal(one, two) {
		t.Error("two zips of the same work differ")
	}
	before := Version(l)
	write(t, l.Dir, map[string]string{"checks/testdata/x": "y"})
	if Version(l) != before {
		t.Error("what a lab is proved with is part of its version")
	}
	write(t, l.Dir, map[string]string{"checks/checks_test.go": "package other"})
	if Version(l) == before {
		t.Error("its checks are no part of its version")
	}
}

func TestWhatCannotBeHandedIn(t *testing.T) {
	l := images(t)
	for want, name := range map[string]string{"link is a link": "", "handin is the name of": "handin/x/y", "receipt.json is the name of": "receipt.json"} {
		dir := write(t, t.TempDir(), map[string]string{"Dockerfile": "x"})
		if name != "" {
			write(t, dir, map[string]string{name: "z"})
		} else if err := os.Symlink("/etc/passwd", filepath.Join(dir, "link")); err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		err := Pack(&out, Source{Lab: l, Workspace: dir, Record: RecordIn(t.TempDir()), At: later})
		if err == nil || !strings.Contains(err.Error(), want) || out.Len() > 0 {
			t.Errorf("got %v and %d bytes, want %q", err, out.Len(), want)
		}
	}
}
