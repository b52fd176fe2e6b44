package mutant

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// module writes files into a module of their own.
func module(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	files["go.mod"] = "module shop\n\ngo 1.26\n"
	write(t, dir, files)
	return dir
}

func write(t *testing.T, dir string, files map[string]string) {
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
}

const rule = `package main

import (
	"errors"
	"fmt"
	"os"
)

type order struct {
	lines  []string
	closed bool
}

func (o *order) add(_ int, lines ...string) error {
	if o.closed || len(lines) > 2 {
		return errors.New("refused")
	}
	o.lines = append(o.lines, lines...)
	return nil
}

func last[T any, S ~[]T](list S, _ string) (t T) {
	if len(list) > 0 {
		t = list[len(list)-1]
	}
	return t
}

type quiet struct{}

func (quiet) put(int, string) { fmt.Print() }

func main() {
	quiet{}.put(1, last([]string{}, ""))
	o := &order{}
	err := o.add(1, os.Args[1:]...)
	fmt.Println(len(o.lines), err)
}
`

func find(t *testing.T, dir string) (*Module, []Mutant) {
	t.Helper()
	m, err := Load(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	return m, m.Mutants(func(string) string { return "" })
}

func TestMutantsCompileAndDiffer(t *testing.T) {
	_, all := find(t, module(t, map[string]string{"main.go": rule}))
	ids := map[string]bool{}
	for _, mutant := range all {
		if ids[mutant.ID()] {
			t.Errorf("two are %s", mutant.ID())
		}
		ids[mutant.ID()] = true
	}
	for _, want := range []string{
		`main.go order.add: boundary moved: len(lines) > 2 → len(lines) >= 2`,
		`main.go order.add: condition negated: o.closed || len(lines) > 2 → !(o.closed || len(lines) > 2)`,
		`main.go order.add: term dropped: o.closed || len(lines) > 2 → o.closed`,
		`main.go order.add: statement dropped: o.lines = append(o.lines, lines...) → nothing`,
		`main.go order.add: error returned as nil: errors.New("refused") → nil`,
	} {
		if !ids[want] {
			t.Errorf("there is no mutant %s", want)
		}
	}
	if t.Failed() {
		t.Log(strings.Join(names(all), "\n"))
	}
}

func TestLinesThatWereThereAreNotBroken(t *testing.T) {
	before := strings.Replace(rule, "o.lines = append(o.lines, lines...)", "panic(lines)", 1)
	m, _ := find(t, module(t, map[string]string{"main.go": rule}))
	fresh := m.Mutants(func(string) string { return before })
	contains(t, fresh, []string{`main.go order.add: statement dropped: o.lines = append(o.lines, lines...) → nothing`})
	if found := strings.Join(names(fresh), "\n"); strings.Contains(found, "condition negated") {
		t.Errorf("broken is also what was there before:\n%s", found)
	}
}

const waits = `package main

import "time"

func main() { time.Sleep(5*time.Millisecond + 14*24*time.Hour) }
`

// Nobody could tell six milliseconds from five.
func TestTimesHaveAnotherUnit(t *testing.T) {
	_, all := find(t, module(t, map[string]string{"main.go": waits}))
	got := strings.Join(names(all), "\n")
	for _, want := range []string{"unit changed: time.Millisecond → time.Second", "unit changed: time.Hour → time.Minute", "constant changed: 14 → 15"} {
		if !strings.Contains(got, want) {
			t.Errorf("there is no mutant %s", want)
		}
	}
	if strings.Contains(got, "5 → 6") || strings.Contains(got, "5 + time") || t.Failed() {
		t.Errorf("the mutants are\n%s", got)
	}
}

const tells = `package main

import (
	"flag"
	"log/slog"
)

func main() {
	var name, place string
	flag.StringVar(&name, "name", "orders", "what to read")
	flag.StringVar(&place, "place", "here", "where it is")
	flag.Parse()
	slog.Info("reading", "name", name)
	println(name, place)
}
`

// A log is for people, and so is what a flag is for.
func TestWhatIsForPeopleIsLeftAlone(t *testing.T) {
	_, all := find(t, module(t, map[string]string{"main.go": tells}))
	got := strings.Join(names(all), "\n")
	for _, want := range []string{`text changed: "orders"`, `text changed: "place"`, "statement dropped: flag.Parse()"} {
		if !strings.Contains(got, want) {
			t.Errorf("there is no mutant %s", want)
		}
	}
	if strings.Contains(got, `text changed: "what to read"`) || strings.Contains(got, "dropped: slog") || strings.Contains(got, "order swapped: flag.StringVar(&name") || t.Failed() {
		t.Errorf("the mutants are\n%s", got)
	}
}

func names(all []Mutant) (lines []string) {
	for _, mutant := range all {
		lines = append(lines, mutant.ID())
	}
	return lines
}

func TestProgramHoldsThemAll(t *testing.T) {
	dir, control := module(t, map[string]string{"main.go": rule}), t.TempDir()
	m, all := find(t, dir)
	program := m.Program(all, control)
	write(t, dir, program.Files)
	binary := filepath.Join(t.TempDir(), "shop")
	if out, err := exec.Command("go", "build", "-C", dir, "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("it does not compile: %s", out)
	}
	if got := run(t, binary); got != "2 <nil>\n" {
		t.Errorf("with none chosen it says %q", got)
	}
	chosen := false
	for i, mutant := range all {
		if mutant.Kind == "statement dropped" && strings.HasPrefix(mutant.Before, "o.lines") {
			chosen = true
			write(t, control, map[string]string{"chosen": Choice(i)})
			if got := run(t, binary); got != "0 <nil>\n" {
				t.Errorf("with %s it says %q", mutant.ID(), got)
			}
			if _, err := os.Stat(filepath.Join(control, program.Reached(mutant))); err != nil {
				t.Errorf("it is not told that the function was come to: %v", err)
			}
		}
	}
	if !chosen {
		t.Error("the mutant was not found")
	}
}

func run(t *testing.T, binary string) string {
	t.Helper()
	out, err := exec.Command(binary, "a", "b").CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return string(out)
}

func TestQueryFaults(t *testing.T) {
	for text, want := range map[string][]string{
		"`SELECT id FROM outbox WHERE sent = false AND id > $1 ORDER BY id FOR UPDATE SKIP LOCKED`": {
			"`SELECT id FROM outbox WHERE sent = false AND id > $1 ORDER BY id `",
			"`SELECT id FROM outbox WHERE sent = false AND id > $1 ORDER BY id FOR UPDATE `",
			"`SELECT id FROM outbox WHERE sent = false AND id > $1  FOR UPDATE SKIP LOCKED`",
			"`SELECT id FROM outbox WHERE (sent = false OR TRUE) AND id > $1 ORDER BY id FOR UPDATE SKIP LOCKED`",
			"`SELECT id FROM outbox WHERE sent = false AND (id > $1 OR TRUE) ORDER BY id FOR UPDATE SKIP LOCKED`",
		},
		`"INSERT INTO handled (event) VALUES ($1) ON CONFLICT DO NOTHING"`: {`"INSERT INTO handled (event) VALUES ($1) "`},
		"`CREATE TABLE handled (event text PRIMARY KEY, n int NOT NULL)`": {
			"`CREATE TABLE handled (event text , n int NOT NULL)`", "`CREATE TABLE handled (event text PRIMARY KEY, n int )`",
		},
	} {
		var got []string
		for _, fault := range queryFaults(text) {
			got = append(got, apply(text, 0, []edit{fault.edit}))
		}
		if strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("of %s:\n%s\nwant\n%s", text, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}
