package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"cnalab/fixtures/require"
	"cnalab/labs/process"
)

// binary runs the compiled checks of a step by themselves, as the grader's
// last run did, without anything of ours around them.
func (l *learner) binary(b *testing.B, step int) {
	b.Helper()
	path, err := l.grader.Compile(b.Context(), l.lab)
	must(b, err)
	cmd := exec.Command(path, fmt.Sprintf("-test.run=^TestStep%02d_", step))
	cmd.Dir = filepath.Join(l.lab.Dir, "checks")
	l.grader.mu.Lock()
	last := l.grader.last
	l.grader.mu.Unlock()
	cmd.Env = append(append(os.Environ(), last.Environment...), "CNALAB_WORKSPACE="+last.Workspace, "CNALAB_CACHE="+filepath.Join(filepath.Dir(path), "built"))
	out, err := cmd.CombinedOutput()
	if err != nil {
		b.Fatalf("run the checks by themselves: %v\n%s", err, out)
	}
}

// What a learner waits for after a click, against the checks' own time.
func BenchmarkCheck_010_step_1_unchanged_ms_v_its_binary(b *testing.B) { unchanged(b, "010", 1) }
func BenchmarkCheck_030_step_1_unchanged_ms_v_its_binary(b *testing.B) { unchanged(b, "030", 1) }
func BenchmarkCheck_040_step_1_unchanged_ms_v_its_binary(b *testing.B) { unchanged(b, "040", 1) }

func unchanged(b *testing.B, lab string, step int) {
	l := solved(b, lab)
	l.check(b, step)
	ms := sides(b, func() { l.check(b, step) }, func() { l.binary(b, step) })
	report(b, ms[0], ms[1], ms[0]/ms[1], 1.2)
}

// The price of keeping the learner's program away from its judge, for a lab whose
// checks start one and do little else.
func BenchmarkCheck_010_step_1_isolated_ms_v_not_isolated(b *testing.B) {
	if process.Isolates() == process.NotIsolated {
		require.Missing(b, "isolation", "this system does not let us isolate programs")
	}
	l := solved(b, "010")
	l.check(b, 1)
	ms := sides(b, func() { l.check(b, 1) }, func() {
		b.Setenv(process.EnvLevel, string(process.NotIsolated))
		l.check(b, 1)
		os.Unsetenv(process.EnvLevel)
	})
	report(b, ms[0], ms[1], ms[0]/ms[1], 1.1)
}

// What the same click adds to the checks' own time, against what `go test` adds
// after an author edited the check. Their own time is in neither: step 1 of 040
// follows orders through a service, its outbox and a broker for a second or two,
// beside which nothing that is added would be seen, and whose own differences bound
// the ratio still.
func BenchmarkCheck_010_step_2_unchanged_added_ms_v_go_test_edited(b *testing.B) {
	goTest(b, "010", 2, 20)
}
func BenchmarkCheck_030_step_1_unchanged_added_ms_v_go_test_edited(b *testing.B) {
	goTest(b, "030", 1, 20)
}
func BenchmarkCheck_040_step_1_unchanged_added_ms_v_go_test_edited(b *testing.B) {
	goTest(b, "040", 1, 5)
}

// seen is the part of the checks' own time below which a difference is none: they
// wait for others, and no two runs take the same time.
const seen = 0.05

func goTest(b *testing.B, lab string, step int, atLeast float64) {
	l := solved(b, lab)
	l.check(b, step)
	edit := 0
	ms := sides(b, func() { l.check(b, step) }, func() { edit++; l.edited(b, step, edit) }, func() { l.binary(b, step) })
	ours, other := max(ms[0]-ms[2], ms[2]*seen), ms[1]-ms[2]
	report(b, ours, other, other/ours, -atLeast)
}

// edited runs go test on the lab's checks with one line more in them.
func (l *learner) edited(b *testing.B, step, edit int) {
	b.Helper()
	files, err := filepath.Glob(filepath.Join(l.lab.Dir, "checks", "*_test.go"))
	must(b, err)
	source, err := os.ReadFile(files[0])
	must(b, err)
	dir := b.TempDir()
	changed := filepath.Join(dir, "changed_test.go")
	must(b, os.WriteFile(changed, fmt.Appendf(source, "\nvar Edit = %d\n", edit), 0o644))
	overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{files[0]: changed}})
	must(b, err)
	must(b, os.WriteFile(filepath.Join(dir, "overlay.json"), overlay, 0o644))
	cmd := exec.Command("go", "test", "-tags", "lab", "-overlay", filepath.Join(dir, "overlay.json"),
		fmt.Sprintf("-run=^TestStep%02d_", step), "./labs/"+l.lab.Folder+"/checks")
	cmd.Dir = l.root
	cmd.Env = append(append(os.Environ(), l.grader.last.Environment...), "CNALAB_WORKSPACE="+l.grader.last.Workspace, "CNALAB_CACHE="+dir)
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("go test of the edited checks: %v\n%s", err, out)
	}
}

// A click after one line of a service was edited, against the parts that
// nobody can save: its go build, its start, and the checks' own time.
func BenchmarkCheck_040_step_1_after_an_edit_ms_v_build_start_binary(b *testing.B) {
	l := solved(b, "040")
	l.check(b, 1)
	elsewhere := b.TempDir() // what is built by hand must not restart the sandbox's service
	must(b, os.CopyFS(elsewhere, os.DirFS(l.workspace.Dir())))
	edit := 0
	ms := sides(b,
		func() { edit++; l.edit(b, edit); l.check(b, 1) },
		func() {
			edit++
			must(b, os.WriteFile(filepath.Join(elsewhere, "order", "edit.go"), []byte(oneLine(edit)), 0o644))
			l.buildStart(b, elsewhere, func(address string) { answers(b, address) })
			l.binary(b, 1)
		})
	report(b, ms[0], ms[1], ms[0]/ms[1], 1.3)
}

// The same click where the service is a container, against the same click where
// it is a process.
func BenchmarkCheck_040_step_1_after_an_edit_in_a_container_ms_v_embedded(b *testing.B) {
	container, process := contained(b, "040"), solved(b, "040")
	container.check(b, 1)
	process.check(b, 1)
	edit := 0
	ms := sides(b,
		func() { edit++; container.edit(b, edit); container.check(b, 1) },
		func() { edit++; process.edit(b, edit); process.check(b, 1) })
	report(b, ms[0], ms[1], ms[0]/ms[1], 2)
}

// oneLine is a line more for the order service, which its program must hold.
func oneLine(edit int) string {
	return fmt.Sprintf("package main\n\nfunc init() { println(%q) }\n", fmt.Sprint("edit ", edit))
}

// edit changes a line of the order service.
func (l *learner) edit(b *testing.B, edit int) {
	b.Helper()
	l.save(b, "order/edit.go", oneLine(edit))
}

// save writes a file as the editor does.
func (l *learner) save(b *testing.B, name, text string) {
	b.Helper()
	_, err := l.workspace.Write(name, text, l.tag(name))
	must(b, err)
}

func (l *learner) tag(name string) string {
	text, err := l.workspace.Read(name)
	if err != nil {
		return ""
	}
	return text.ETag
}

// buildStart builds the order service of a workspace, starts it beside the
// sandbox's own, and ends it once it is ready.
func (l *learner) buildStart(b *testing.B, workspace string, ready func(address string)) {
	b.Helper()
	program := filepath.Join(b.TempDir(), "order")
	build := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", program, "./order")
	build.Dir, build.Env = workspace, append(os.Environ(), "CGO_ENABLED=0", "GOWORK=off")
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("build order: %v\n%s", err, out)
	}
	const address = "127.0.0.1:18931"
	order := exec.Command(program)
	order.Env = append(os.Environ(), "ADDR="+address, "SERVICE=order")
	for _, pair := range l.provider.opened.Environment() {
		name, value, _ := strings.Cut(pair, "=")
		if name == "DATABASE_ORDER" {
			name = "DATABASE_URL"
		}
		order.Env = append(order.Env, name+"="+value)
	}
	must(b, order.Start())
	ready(address)
	order.Process.Kill()
	order.Wait()
}

// report writes one row of the table.
func report(b *testing.B, ours, other, ratio, limit float64) {
	b.ReportMetric(ours, "ours")
	b.ReportMetric(other, "other")
	b.ReportMetric(ratio, "ratio")
	b.ReportMetric(limit, "limit")
}
