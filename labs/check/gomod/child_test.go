//go:build unix

package gomod

import (
	"io/fs"
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

// asked is what a check names to ask of order.Ask.
const asked = `package main

import order "shop/order"

var _ func(int) int = order.Ask
`

// ask asks order.Ask, and judges.
func ask(c *Child) {
	if got, _ := c.Call("order.Ask", 20); got.String() != "41" {
		c.NotYet(check.Finding{Say: "Ask is wrong.", Got: got, Want: 41, Output: "Ask(20)"})
	}
}

func init() {
	checktest.Subjects["a child"] = func(c *check.C) {
		m := Load(c)
		m.Within = 25 * time.Second
		m.Ask(ask, asked)
	}
	checktest.Subjects["a child that is asked often"] = func(c *check.C) {
		m := Load(c)
		m.Within = time.Second
		m.Ask(func(c *Child) {
			for range 1000 {
				_, _ = c.Call("order.Ask", 1)
			}
		}, asked)
	}
	checktest.Subjects["a child that is not waited for"] = func(c *check.C) {
		m := Load(c)
		m.Within = 2 * time.Second
		m.Ask(ask, asked)
	}
}

// A code that answers each question, and is slow.
func TestChildOfCodeThatIsSlow(t *testing.T) {
	workspace(t, answer("time", "time.Sleep(150 * time.Millisecond); return n"))
	if got := checktest.Result(t, "a child that is asked often"); got.Verdict != labs.CouldNotCheck || got.Say != "Your code did not answer within 3 s." {
		t.Errorf("got %+v", got)
	}
}

// The first check of a run waits for a loop, the next ones hardly do.
func TestLoopCostsOneDeadlineARun(t *testing.T) {
	workspace(t, answer("", "for { n++ }; return n"))
	t.Setenv(labs.EnvRun, "of-steps-1-to-5")
	const whole, hardly, all = "Your code did not answer within 2 s.", "Your code did not answer within 500 ms.", "Your code did not answer within 1.5 s."
	for i := range 3 {
		got := checktest.Result(t, "a child that is not waited for")
		asWanted := got.Say == whole
		if i > 0 {
			asWanted = got.Say == hardly || got.Say == all // where the machine is too busy to end it at once
		}
		if got.Verdict != labs.CouldNotCheck || !asWanted {
			t.Errorf("check %d: got %+v", i+1, got)
		}
	}
	t.Setenv(labs.EnvRun, "of-step-1-again")
	if got := checktest.Result(t, "a child that is not waited for"); got.Say != whole {
		t.Errorf("in another run: got %+v", got)
	}
}

// endless are the bodies that end only with their time; the others end by
// themselves, however busy the machine is.
var endless = map[string]bool{"loops": true, "waits": true}

// answer is package order with that body of Ask.
func answer(imports, body string) map[string]string {
	text := "package order\n\n"
	for _, path := range strings.Fields(imports) {
		text += "import \"" + path + "\"\n"
	}
	return map[string]string{"order/order.go": text + "\nfunc Ask(n int) int {\n" + body + "\n}\n"}
}

func TestChildOfCode(t *testing.T) {
	for name, test := range map[string]struct {
		imports, body string
		want          labs.Verdict
		say, output   string
	}{
		"right":        {"", "return 2*n + 1", labs.Passed, "", ""},
		"wrong":        {"fmt", `fmt.Println("I was asked"); return n`, labs.NotYet, "Ask is wrong.", "Ask(20)\nI was asked"},
		"panics":       {"", `panic("no idea")`, labs.NotYet, "order.Ask(20) panicked: no idea.", "order/order.go:5"},
		"nil":          {"", `var p *int; return *p`, labs.NotYet, "order.Ask(20) panicked: runtime error: invalid memory address or nil pointer dereference.", "order/order.go:5"},
		"panics aside": {"time", `go func() { panic("aside") }(); time.Sleep(time.Second); return 2*n + 1`, labs.CouldNotCheck, "Your code crashed: aside.", "order/order.go:6"},
		"recurses":     {"", `return Ask(n + 1)`, labs.CouldNotCheck, "Your code crashed: a function calls itself without end.", "order/order.go:5"},
		"loops":        {"", `for { n++ }; return n`, labs.CouldNotCheck, "Your code did not answer within 2 s.", ""},
		"waits":        {"", `select {}`, labs.CouldNotCheck, "Your code did not answer within 2 s.", "order/order.go:5"},
		"exits":        {"os", `os.Exit(0); return 0`, labs.CouldNotCheck, "Your code ended the program before the check was done (exit status 0).", ""},
		"says it passed": {"fmt os", `fmt.Println("=== RUN TestAsk\n--- PASS: TestAsk (0.00s)\nPASS"); os.Exit(0); return 0`, labs.CouldNotCheck,
			"Your code ended the program before the check was done (exit status 0).", "--- PASS"},
		"deadlocks at its start": {"", "return n\n}\n\nfunc init() {\n\tselect {}", labs.CouldNotCheck,
			"Your code crashed: all its goroutines wait, and nothing is left that could wake one.", ""},
		"leaves":       {"runtime", `runtime.Goexit(); return 0`, labs.NotYet, "order.Ask(20) panicked: it called runtime.Goexit.", "order/order.go:6"},
		"prints":       {"fmt", `for { fmt.Println("tea tea tea tea tea tea") }; return 0`, labs.CouldNotCheck, "Your code printed more than 1 MiB, so it was ended.", "tea tea"},
		"is cancelled": {"log", `log.Fatal("no database"); return 0`, labs.CouldNotCheck, "Your code ended the program before the check was done (exit status 1).", "no database"},
		"forks": {"os os/exec", `c := exec.Command("sleep", "120"); c.Stdout, c.Stderr = os.Stdout, os.Stderr; _ = c.Start(); return 2*n + 1`,
			labs.Passed, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			workspace(t, answer(test.imports, test.body))
			subject := "a child"
			if endless[name] {
				subject = "a child that is not waited for"
			}
			begin := time.Now()
			got := checktest.Result(t, subject)
			if got.Verdict != test.want || got.Say != test.say || !strings.Contains(got.Output, test.output) {
				t.Errorf("got %+v", got)
			}
			if took := time.Since(begin); took > 30*time.Second {
				t.Errorf("took %s", took)
			}
		})
	}
}

func TestChildOfCodeThatEatsMemory(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux limits another process")
	}
	workspace(t, answer("", "var all [][]byte\nfor { all = append(all, make([]byte, 64<<20)) }"))
	got := checktest.Result(t, "a child")
	if got.Verdict != labs.CouldNotCheck || got.Say != "Your code crashed: out of memory." {
		t.Errorf("got %+v", got)
	}
}

// A macOS temporary folder, and many a home, is reached through a link.
func TestChildThroughALink(t *testing.T) {
	dir := workspace(t, answer("", `panic("no idea")`))
	link := filepath.Join(t.TempDir(), "a link")
	if err := os.Symlink(dir, link); err != nil {
		t.Fatal(err)
	}
	t.Setenv(labs.EnvWorkspace, link)
	if got := checktest.Result(t, "a child"); got.At != "order/order.go:5" {
		t.Errorf("got %+v", got)
	}
}

func TestChildThatEndsBeforeItIsAsked(t *testing.T) {
	files := answer("os", "return n")
	files["order/order.go"] += "\nfunc init() { os.Exit(0) }\n"
	workspace(t, files)
	if got := checktest.Result(t, "a child"); got.Verdict != labs.CouldNotCheck {
		t.Errorf("got %+v", got)
	}
}

func TestChildTellsWhatIsMissing(t *testing.T) {
	for name, test := range map[string]struct {
		file, say, got string
	}{
		"no package": {"", "There is no package order yet.", "no Go files in order"},
		"no name":    {"package order\n", "The step asks for names that are not there yet.", "no order.Ask"},
		"small name": {"package order\n\nfunc ask(n int) int { return n }\n\nvar _ = ask\n", "The step asks for names that are not there yet.", "no order.Ask"},
		"other shape": {"package order\n\nfunc Ask(s string) int { return len(s) }\n",
			"order.Ask is there, but not as the step writes it.", "func(s string) int"},
		"a type": {"package order\n\ntype Ask int\n", "A name is there, but not as the step writes it.", "order.Ask (type) is not an expression"},
	} {
		t.Run(name, func(t *testing.T) {
			workspace(t, map[string]string{"main.go": "package main\n\nfunc main() {}\n", "order/order.go": test.file})
			if got := checktest.Result(t, "a child"); got.Verdict != labs.NotYet || got.Say != test.say || got.Got != test.got {
				t.Errorf("got %+v", got)
			}
		})
	}
}

func TestCompilerWordsTellWhatIsLacking(t *testing.T) {
	for line, want := range map[string]string{
		"undefined: order.Place": "order.Place",
		"o.Ship undefined (type *order.Order has no field or method Ship)":                                       "order.Order.Ship",
		"(*order.Order).Ship undefined (type *order.Order has no method Ship)":                                   "order.Order.Ship",
		"order.Money.Cents undefined (type order.Money has no method Cents)":                                     "order.Money.Cents",
		"(*order.Order).Ship undefined (type *order.Order has no method Ship, but does have method ship)":        "order.Order.Ship",
		"unknown field Name in struct literal of type order.Item":                                                "order.Item.Name",
		"cannot use order.Ask (value of type func(s string) int) as func(int) int value in variable declaration": "",
		"undefined: somethingOfTheCheck":                                                                         "",
	} {
		if got := lacks(line); got != want {
			t.Errorf("%s: got %q, want %q", line, got, want)
		}
	}
}

func TestCrashCause(t *testing.T) {
	const refused = "SIGSEGV: segmentation violation\nPC=0x42985d m=3 sigcode=1 addr=0x0\n\n" +
		"goroutine 0 gp=0x1 m=3 mp=0x2 [idle]:\nruntime.(*spanQueue).tryDrain(0x3?)\n\t/go/src/runtime/mgcmark_greenteagc.go:520 +0x5d\n"
	for stderr, want := range map[string]string{
		"panic: no idea [recovered]\n\tpanic: no idea\n":     "no idea",
		"I heard a panic: no idea\n":                         "",
		"fatal error: stack overflow\n":                      "a function calls itself without end",
		"fatal error: runtime: cannot allocate memory\n":     "out of memory",
		"begin\n" + refused:                                  "out of memory",
		"fatal error: all goroutines are asleep - deadlock!": "all its goroutines wait, and nothing is left that could wake one",
	} {
		if got, _ := crashCause(stderr); got != want {
			t.Errorf("%s: got %q, want %q", stderr, got, want)
		}
	}
}

// Nothing is written into the workspace, and what has not changed is neither
// compiled nor read again: not even the go command is there the second time.
func TestChildKeepsWhatItBuilt(t *testing.T) {
	dir := workspace(t, answer("", "return 2*n + 1"))
	if got := checktest.Result(t, "a child"); got.Verdict != labs.Passed {
		t.Fatalf("got %+v", got)
	}
	var names []string
	err := filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		names = append(names, entry.Name())
		return err
	})
	if len(names) != 4 || err != nil { // the folder, go.mod, order, order.go
		t.Errorf("the workspace holds %v, %v", names, err)
	}
	t.Setenv("PATH", t.TempDir())
	if got := checktest.Result(t, "a child"); got.Verdict != labs.Passed {
		t.Errorf("unchanged: got %+v", got)
	}
	if err := os.WriteFile(filepath.Join(dir, "order/more.go"), []byte("package order\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if got := checktest.Result(t, "a child"); got.Verdict != labs.CouldNotCheck || got.Say != "The go command does not start." {
		t.Errorf("changed: got %+v", got)
	}
}
