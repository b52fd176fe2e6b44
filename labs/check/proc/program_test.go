//go:build unix

package proc

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"cnalab/labs"
	"cnalab/labs/check"
	"cnalab/labs/check/checktest"
)

// The programs of a workspace that does everything a check must bear.
const programs = `
-- go.mod --
module shop

go 1.26
-- echo/main.go --
package main

import ("bufio"; "fmt"; "os")

func main() {
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		fmt.Println("heard", in.Text())
	}
	fmt.Println("end")
}
-- panics/main.go --
package main

func main() {
	var orders []string
	println(orders[1])
}
-- eats/main.go --
package main

var all [][]byte

func main() {
	for { all = append(all, make([]byte, 64<<20)) }
}
-- hangs/main.go --
package main

import ("fmt"; "time")

func main() {
	fmt.Println("begin")
	time.Sleep(time.Hour)
}
-- broken/main.go --
package main

func main() { undefinedName() }
-- library/library.go --
package library
`

// workspace writes the programs into a workspace and points checks at it.
func workspace(t *testing.T, text string) string {
	t.Helper()
	dir := t.TempDir()
	for _, file := range strings.Split(text, "\n-- ")[1:] {
		name, body, _ := strings.Cut(file, " --\n")
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(body+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv(labs.EnvWorkspace, dir)
	return dir
}

func TestSubject(t *testing.T) { checktest.RunSubject(t) }

func init() {
	checktest.Subjects["a folder that is not there"] = func(c *check.C) { Build(c, "nowhere") }
	checktest.Subjects["a package that is no program"] = func(c *check.C) { Build(c, "library") }
	checktest.Subjects["a program that does not build"] = func(c *check.C) { Build(c, "broken") }
	checktest.Subjects["a program that panics"] = func(c *check.C) { Build(c, "panics").Run(5*time.Second, Call{}) }
	checktest.Subjects["a program that eats memory"] = func(c *check.C) { Build(c, "eats").Run(20*time.Second, Call{}) }
	checktest.Subjects["a program that hangs"] = func(c *check.C) { Build(c, "hangs").Run(200*time.Millisecond, Call{}) }
	checktest.Subjects["a line that never comes"] = func(c *check.C) {
		r := Build(c, "hangs").Start(Call{Args: []string{"-topic", "orders"}})
		Await(c, 200*time.Millisecond, func() *check.Finding { return &check.Finding{Say: "It does not end.", Got: r.Lines()} }, r)
	}
	checktest.Subjects["a silence that does not last"] = func(c *check.C) {
		r := Build(c, "echo").Start(Call{Stdin: "one\n"})
		Stays(c, 5*time.Second, func() *check.Finding {
			if lines := r.Lines(); len(lines) > 0 {
				return &check.Finding{Say: "It speaks.", Got: lines[0]}
			}
			return nil
		}, r)
	}
	checktest.Subjects["a silence that lasts"] = func(c *check.C) {
		c.Stays(20*time.Millisecond, func() *check.Finding { return nil })
	}
	checktest.Subjects["awaited, then a panic"] = func(c *check.C) {
		r := Build(c, "panics").Start(Call{})
		Await(c, 5*time.Second, func() *check.Finding { return &check.Finding{Say: "It says nothing."} }, r)
	}
	checktest.Subjects["a program that does its work"] = func(c *check.C) {
		r := Build(c, "echo").Run(5*time.Second, Call{Stdin: "one\ntwo\n"})
		if got := strings.Join(r.Lines(), ","); got != "heard one,heard two,end" {
			c.NotYet(check.Finding{Say: "It does not echo.", Got: got})
		}
	}
	checktest.Subjects["a program that is spoken to"] = func(c *check.C) {
		r := Build(c, "echo").Start(Call{Open: true})
		for _, word := range []string{"one", "two"} {
			c.Must(r.Send(word), "It does not listen.")
			Await(c, 5*time.Second, func() *check.Finding {
				if lines := r.Lines(); len(lines) > 0 && lines[len(lines)-1] == "heard "+word {
					return nil
				}
				return &check.Finding{Say: "It does not answer.", Got: r.Lines()}
			}, r)
		}
		r.Freeze()
		c.Must(r.Send("three"), "It does not listen.")
		time.Sleep(50 * time.Millisecond)
		if len(r.Lines()) != 2 {
			c.NotYet(check.Finding{Say: "It spoke while it was frozen.", Got: r.Lines()})
		}
		r.Resume()
		r.Terminate()
		if exit := r.Wait(5 * time.Second); exit.OK() {
			c.NotYet(check.Finding{Say: "It did not hear SIGTERM.", Got: exit.Say})
		}
	}
}

func TestProgramSaysWhatItMet(t *testing.T) {
	workspace(t, programs)
	t.Setenv(labs.EnvCache, t.TempDir())
	for name, want := range map[string]check.Result{
		"a folder that is not there":   {Verdict: labs.NotYet},
		"a package that is no program": {Verdict: labs.NotYet, At: "library"},
		"a program that does not build": {
			Verdict: labs.CouldNotCheck, At: "broken/main.go:3", Output: "undefined: undefinedName",
		},
		"a program that panics":        {Verdict: labs.CouldNotCheck, At: "panics/main.go:5", Output: "index out of range"},
		"a program that hangs":         {Verdict: labs.CouldNotCheck, At: "hangs", Output: "begin"},
		"a silence that does not last": {Verdict: labs.NotYet, Output: "heard one"},
		"a silence that lasts":         {Verdict: labs.Passed},
		"a line that never comes":      {Verdict: labs.NotYet, Output: "$ hangs -topic orders\nbegin"},
		"awaited, then a panic":        {Verdict: labs.CouldNotCheck, At: "panics/main.go:5"},
		"a program that does its work": {Verdict: labs.Passed},
		"a program that is spoken to":  {Verdict: labs.Passed},
	} {
		t.Run(name, func(t *testing.T) {
			got := checktest.Result(t, name)
			if got.Verdict != want.Verdict || got.At != want.At || !strings.Contains(got.Output, want.Output) {
				t.Errorf("got %+v", got)
			}
		})
	}
}

func TestProgramThatEatsMemory(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux limits another process")
	}
	workspace(t, programs)
	t.Setenv(labs.EnvCache, t.TempDir())
	got := checktest.Result(t, "a program that eats memory")
	if got.Verdict != labs.CouldNotCheck || !strings.Contains(got.Say, "more memory") || got.Next == "" {
		t.Errorf("got %+v", got)
	}
}

func TestProgramIsBuiltOncePerWorkspace(t *testing.T) {
	dir := workspace(t, programs)
	t.Setenv(labs.EnvCache, t.TempDir())
	c := check.New(t)
	first := Build(c, "echo")
	built, err := os.Stat(first.binary)
	if err != nil {
		t.Fatal(err)
	}
	again := Build(c, "echo")
	if now, err := os.Stat(again.binary); err != nil || again.binary != first.binary || !os.SameFile(built, now) {
		t.Errorf("unchanged: got %s after %s", again.binary, first.binary)
	}
	file := filepath.Join(dir, "echo", "main.go")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, append(text, "// changed\n"...), 0o644); err != nil {
		t.Fatal(err)
	}
	if changed := Build(c, "echo"); changed.binary == first.binary {
		t.Error("changed: got the old binary")
	}
}
