//go:build unix

package check

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"cnalab/labs"
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

// workspace lays the programs out and points checks at them.
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

func init() {
	subjects["a folder that is not there"] = func(c *C) { c.Program("nowhere") }
	subjects["a package that is no program"] = func(c *C) { c.Program("library") }
	subjects["a program that does not build"] = func(c *C) { c.Program("broken") }
	subjects["a program that panics"] = func(c *C) { c.Program("panics").Run(5*time.Second, Call{}) }
	subjects["a program that eats memory"] = func(c *C) { c.Program("eats").Run(20*time.Second, Call{}) }
	subjects["a program that hangs"] = func(c *C) { c.Program("hangs").Run(200*time.Millisecond, Call{}) }
	subjects["a line that never comes"] = func(c *C) {
		r := c.Program("hangs").Start(Call{})
		c.Await(200*time.Millisecond, func() *Finding { return &Finding{Say: "It does not end.", Got: r.Lines()} }, r)
	}
	subjects["a silence that does not last"] = func(c *C) {
		r := c.Program("echo").Start(Call{Stdin: "one\n"})
		c.Stays(5*time.Second, func() *Finding {
			if lines := r.Lines(); len(lines) > 0 {
				return &Finding{Say: "It speaks.", Got: lines[0]}
			}
			return nil
		}, r)
	}
	subjects["a silence that lasts"] = func(c *C) {
		c.Stays(20*time.Millisecond, func() *Finding { return nil })
	}
	subjects["awaited, then a panic"] = func(c *C) {
		r := c.Program("panics").Start(Call{})
		c.Await(5*time.Second, func() *Finding { return &Finding{Say: "It says nothing."} }, r)
	}
	subjects["a program that does its work"] = func(c *C) {
		r := c.Program("echo").Run(5*time.Second, Call{Stdin: "one\ntwo\n"})
		if got := strings.Join(r.Lines(), ","); got != "heard one,heard two,end" {
			c.NotYet(Finding{Say: "It does not echo.", Got: got})
		}
	}
	subjects["a program that is spoken to"] = func(c *C) {
		r := c.Program("echo").Start(Call{Open: true})
		for _, word := range []string{"one", "two"} {
			c.Must(r.Send(word), "It does not listen.")
			c.Await(5*time.Second, func() *Finding {
				if lines := r.Lines(); len(lines) > 0 && lines[len(lines)-1] == "heard "+word {
					return nil
				}
				return &Finding{Say: "It does not answer.", Got: r.Lines()}
			}, r)
		}
		r.Freeze()
		c.Must(r.Send("three"), "It does not listen.")
		time.Sleep(50 * time.Millisecond)
		if len(r.Lines()) != 2 {
			c.NotYet(Finding{Say: "It spoke while it was frozen.", Got: r.Lines()})
		}
		r.Thaw()
		r.Terminate()
		if exit := r.Wait(5 * time.Second); exit.OK() {
			c.NotYet(Finding{Say: "It did not hear SIGTERM.", Got: exit.Say})
		}
	}
}

func TestProgramSaysWhatItMet(t *testing.T) {
	workspace(t, programs)
	t.Setenv(labs.EnvCache, t.TempDir())
	for name, want := range map[string]Said{
		"a folder that is not there":   {Verdict: labs.NotYet},
		"a package that is no program": {Verdict: labs.NotYet, At: "library"},
		"a program that does not build": {
			Verdict: labs.CouldNotCheck, At: "broken/main.go:3", Output: "undefined: undefinedName",
		},
		"a program that panics":        {Verdict: labs.CouldNotCheck, At: "panics/main.go:5", Output: "index out of range"},
		"a program that hangs":         {Verdict: labs.CouldNotCheck, At: "hangs", Output: "begin"},
		"a silence that does not last": {Verdict: labs.NotYet, Output: "heard one"},
		"a silence that lasts":         {Verdict: labs.Passed},
		"a line that never comes":      {Verdict: labs.NotYet, Output: "begin"},
		"awaited, then a panic":        {Verdict: labs.CouldNotCheck, At: "panics/main.go:5"},
		"a program that does its work": {Verdict: labs.Passed},
		"a program that is spoken to":  {Verdict: labs.Passed},
	} {
		t.Run(name, func(t *testing.T) {
			got := said(t, name)
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
	got := said(t, "a program that eats memory")
	if got.Verdict != labs.CouldNotCheck || !strings.Contains(got.Say, "more memory") || got.Next == "" {
		t.Errorf("got %+v", got)
	}
}

func TestProgramIsBuiltOncePerWorkspace(t *testing.T) {
	dir := workspace(t, programs)
	t.Setenv(labs.EnvCache, t.TempDir())
	c := New(t)
	first := c.Program("echo")
	built := modified(first.binary)
	if again := c.Program("echo"); again.binary != first.binary || !modified(again.binary).After(built) {
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
	if changed := c.Program("echo"); changed.binary == first.binary {
		t.Error("changed: got the old binary")
	}
}

func modified(path string) time.Time {
	info, err := os.Stat(path)
	if err != nil {
		return time.Time{}
	}
	return info.ModTime()
}
