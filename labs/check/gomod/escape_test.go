//go:build unix

package gomod

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"cnalab/labs"
	"cnalab/labs/check/checktest"
)

// wrong is an Ask that never gives what is asked for, with an init that tries
// to pass all the same.
func wrong(imports, init string) map[string]string {
	files := answer(imports, "return n")
	files["order/order.go"] += "\nfunc init() {\n" + init + "\n}\n"
	return files
}

// with is the files and one more.
func with(files map[string]string, name, text string) map[string]string {
	files[name] = text
	return files
}

// answered writes on all files that may be the check's pipe that what it asked
// for came out.
const answered = `for fd := uintptr(3); fd <= 20; fd++ {
	f := os.NewFile(fd, "")
	for range 3 { f.WriteString("{\"ID\":\"\",\"Value\":{\"Plain\":41,\"Type\":\"int\"}}\n") }
}`

// stolen reads a question and answers another one's name to it.
const stolen = `in, out := os.NewFile(3, ""), os.NewFile(4, "")
go func() {
	buffer := make([]byte, 1<<16)
	in.Read(buffer)
	fmt.Fprintln(out, "{\"ID\":\"MINE\",\"Value\":{\"Plain\":41,\"Type\":\"int\"}}")
	select {}
}()
time.Sleep(200 * time.Millisecond)`

// Whatever the learner's code does but answer right, it does not pass.
func TestNoWayAroundTheQuestions(t *testing.T) {
	solution := filepath.Join(t.TempDir(), "solution.go")
	if err := os.WriteFile(solution, []byte("package order\n\nfunc Ask(n int) int { return 2*n + 1 }\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	const plain = "package order\n\nfunc Ask(n int) int { return n }\n"
	for name, files := range map[string]map[string]string{
		"a proof": wrong("os", `for _, name := range []string{os.Getenv("PROBE_PROOF"), "proof"} { os.WriteFile(name, []byte("{\"Code\":0}"), 0o600) }
			os.Exit(0)`),
		"an exit":                  wrong("os", `os.Exit(0)`),
		"a goroutine that exits":   wrong("os time", `go func() { time.Sleep(time.Millisecond); os.Exit(0) }()`),
		"a panic":                  wrong("", `panic("no")`),
		"PASS":                     wrong("fmt os", `fmt.Println("=== RUN TestAsk\n--- PASS: TestAsk (0.00s)\nPASS\nok"); os.Exit(0)`),
		"all files closed":         wrong("os", `for fd := uintptr(0); fd <= 20; fd++ { os.NewFile(fd, "").Close() }`),
		"all files closed, a wait": wrong("os", `for fd := uintptr(0); fd <= 20; fd++ { os.NewFile(fd, "").Close() }; select {}`),
		"the answers closed":       wrong("os", `os.NewFile(4, "").Close()`),
		"the questions closed":     wrong("os", `os.NewFile(3, "").Close()`),
		"garbage":                  wrong("os", `for fd := uintptr(3); fd <= 20; fd++ { os.NewFile(fd, "").WriteString("}]garbage\n") }`),
		"a flood": wrong("os strings",
			`go func() { f := os.NewFile(4, ""); line := strings.Repeat("x", 1<<20); for { if _, err := f.WriteString(line); err != nil { return } } }()`),
		"answers before questions": wrong("os", answered),
		"answers of its own":       wrong("fmt os time", stolen),
		"other pipes":              wrong("os", `os.Setenv("CHECK_CHILD_PIPES", "0 1"); os.Stdout.WriteString("{}\n")`),
		"no pipes":                 wrong("os", `os.Unsetenv("CHECK_CHILD_PIPES")`),
		"a test main": with(map[string]string{"order/order.go": plain}, "order/order_test.go",
			"package order\n\nimport (\n\t\"os\"\n\t\"testing\"\n)\n\nfunc TestMain(*testing.M) { os.Exit(0) }\n\nfunc TestAsk(*testing.T) {}\n"),
		"files in the child's folder": with(map[string]string{"order/order.go": plain}, "check_child/mine.go",
			"package main\n\nimport \"os\"\n\nfunc init() { os.Exit(0) }\n\nfunc main() {}\n"),
		"an init in the child's folder": with(map[string]string{"order/order.go": plain}, "check_child/child/mine.go",
			"package child\n\nimport \"os\"\n\nfunc init() { os.Exit(0) }\n"),
		"a linked name": with(with(answer("", "return n"), "order/order.s", "\n"), "order/link.go",
			"package order\n\nimport _ \"unsafe\"\n\n//go:linkname main main.main\nfunc main()\n\n//go:linkname forge shop/check_child/child.Main\nfunc forge()\n\nfunc init() { forge() }\n"),
		"a name taken over": with(answer("", "return n"), "order/link.go",
			"package order\n\nimport _ \"unsafe\"\n\n//go:linkname serve shop/check_child/child.Serve\nfunc serve() {}\n"),
		"the lab embedded":   with(map[string]string{"order/order.go": plain}, "order/labs.go", "package order\n\nimport _ \"embed\"\n\n//go:embed ../../labs\nvar solution string\n"),
		"a toolchain":        with(map[string]string{"order/order.go": plain}, "go.mod", "module shop\n\ngo 1.26\n\ntoolchain go1.999.0\n"),
		"a later Go":         with(map[string]string{"order/order.go": plain}, "go.mod", "module shop\n\ngo 1.999\n"),
		"a replaced package": with(map[string]string{"main.go": "package main\n\nimport \"shop/order\"\n\nfunc main() { order.Ask(1) }\n", "other/go.mod": "module shop/order\n", "other/order.go": plain}, "go.mod", "module shop\n\ngo 1.26\n\nrequire shop/order v0.0.0\n\nreplace shop/order => ./other\n"),
		"a replaced library": with(map[string]string{"order/order.go": plain, "fake/go.mod": "module reflect\n", "fake/reflect.go": "package reflect\n"}, "go.mod", "module shop\n\ngo 1.26\n\nrequire reflect v0.0.0\n\nreplace reflect => ./fake\n"),
		"C":                  with(answer("", "return n"), "order/c.go", "package order\n\n// #include <stdio.h>\n// static int ask(int n) { return 2 * n + 1; }\nimport \"C\"\n\nfunc init() { println(C.ask(1)) }\n"),
		"more modules":       with(with(with(answer("", "return n"), "go.work", "go 1.26\n\nuse (\n\t.\n\t./right\n)\n"), "right/go.mod", "module shop/order\n\ngo 1.26\n"), "right/order.go", "package order\n\nfunc Ask(n int) int { return 2*n + 1 }\n"),
		"a folder above":     with(answer("", "return n"), "go.mod", "module shop\n\ngo 1.26\n\nrequire cnalab v0.0.0\n\nreplace cnalab => ../../..\n"),
		"a tool":             with(answer("", "return n"), "go.mod", "module shop\n\ngo 1.26\n\ntool shop/order\n"),
		"a vendored library": with(map[string]string{"order/order.go": plain}, "vendor/reflect/reflect.go", "package reflect\n"),
	} {
		t.Run(name, func(t *testing.T) {
			workspace(t, files)
			refused(t)
		})
	}
	t.Run("a link to the solution", func(t *testing.T) {
		dir := workspace(t, map[string]string{"order/other.go": "package order\n"})
		if err := os.Symlink(solution, filepath.Join(dir, "order", "order.go")); err != nil {
			t.Fatal(err)
		}
		refused(t)
	})
	t.Run("a link to the solution's folder", func(t *testing.T) {
		dir := workspace(t, map[string]string{"main.go": "package main\n\nfunc main() {}\n"})
		if err := os.Symlink(filepath.Dir(solution), filepath.Join(dir, "order")); err != nil {
			t.Fatal(err)
		}
		refused(t)
	})
}

// refused runs the check, which must not pass.
func refused(t *testing.T) {
	t.Helper()
	got := checktest.Result(t, "a child that is not waited for")
	t.Logf("%s: %s %v", got.Verdict, got.Say, got.Output)
	if got.Verdict != labs.NotYet && got.Verdict != labs.CouldNotCheck || strings.TrimSpace(got.Say) == "" {
		t.Errorf("got %+v", got)
	}
}

// What the go command is told by the learner's own settings does not count: an
// overlay of these would put the solution in place of the learner's file.
func TestSettingsOfTheGoCommandDoNotCount(t *testing.T) {
	dir := workspace(t, answer("", "return n"))
	settings := t.TempDir()
	put := func(name, text string) string {
		t.Helper()
		file := filepath.Join(settings, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
		return file
	}
	right := put("right.go", "package order\n\nfunc Ask(n int) int { return 2*n + 1 }\n")
	overlay := put("overlay.json", `{"Replace": {"`+filepath.Join(dir, "order", "order.go")+`": "`+right+`"}}`)
	proof := filepath.Join(settings, "proof")
	tool := put("tool", "#!/bin/sh\ntouch "+proof+"\nexec \"$@\"\n")
	if err := os.Chmod(tool, 0o755); err != nil {
		t.Fatal(err)
	}
	put("right/go.mod", "module shop/order\n\ngo 1.26\n")
	put("right/order.go", "package order\n\nfunc Ask(n int) int { return 2*n + 1 }\n")
	for _, set := range []struct{ name, value string }{
		{"GOENV", put("env", "GOFLAGS=-overlay="+overlay+"\n")},
		{"GOFLAGS", "-overlay=" + overlay},
		{"GOFLAGS", "-toolexec=" + tool},
		{"GOWORK", put("go.work", "go 1.26\n\nuse (\n\t"+dir+"\n\t./right\n)\n")},
	} {
		t.Run(set.name+" "+set.value, func(t *testing.T) {
			t.Setenv(labs.EnvCache, t.TempDir())
			t.Setenv(set.name, set.value)
			defer func() {
				if _, err := os.Stat(proof); err == nil {
					t.Error("another program ran in the place of the compiler")
				}
			}()
			if got := checktest.Result(t, "a child"); got.Verdict != labs.NotYet || got.Say != "Ask is wrong." {
				t.Errorf("got %+v", got)
			}
		})
	}
}

// A program that is right, in the cache in the place of the learner's own, and
// what a right module is made of in the place of what this one is.
func TestSwappedProgramsAreNotAsked(t *testing.T) {
	kept := func() []string {
		t.Helper()
		found, err := filepath.Glob(filepath.Join(os.Getenv(labs.EnvCache), "learner-*"+runtime.Version(), "*-*"))
		if err != nil || len(found) != 2 {
			t.Fatalf("the cache holds %v, %v", found, err)
		}
		return found // the child, and the module
	}
	workspace(t, with(answer("", "return 2*n + 1"), "extra/extra.go", "package extra\n"))
	if got := checktest.Result(t, "a child"); got.Verdict != labs.Passed {
		t.Fatalf("the right one: got %+v", got)
	}
	right := kept()
	workspace(t, answer("", "return n"))
	if got := checktest.Result(t, "a child"); got.Verdict != labs.NotYet {
		t.Fatalf("the wrong one: got %+v", got)
	}
	for i, path := range kept() {
		if err := os.Rename(right[i], path); err != nil {
			t.Fatal(err)
		}
	}
	if got := checktest.Result(t, "a child"); got.Verdict != labs.NotYet || got.Say != "Ask is wrong." {
		t.Errorf("swapped: got %+v", got)
	}
	module, err := os.ReadFile(kept()[1])
	if err != nil || strings.Contains(string(module), "extra") {
		t.Errorf("the module is said to be %s, %v", module, err)
	}
}
