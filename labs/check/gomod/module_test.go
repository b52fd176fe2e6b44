package gomod

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cnalab/labs"
	"cnalab/labs/check"
	"cnalab/labs/check/checktest"
)

// workspace writes files given as name and text into a workspace of their own,
// with a go.mod as the learner's has it.
func workspace(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	all := map[string]string{"go.mod": "module shop\n\ngo 1.26\n"}
	for name, text := range files {
		all[name] = text
	}
	for name, text := range all {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if text == "" {
			continue
		}
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv(labs.EnvWorkspace, dir)
	t.Setenv(labs.EnvCache, t.TempDir())
	return dir
}

var threePackages = map[string]string{
	"main.go": "package main\n\nimport \"shop/desk\"\n\nfunc main() { desk.Sell() }\n",
	"desk/desk.go": `package desk

import o "shop/order"

func Sell() string {
	x := o.New[int](1)
	x.Total++
	var who o.Buyer = o.Someone{}
	return x.Name() + who.Who() + o.Default
}
`,
	"order/order.go": `package order

import "shop/order/inner"

const Default = "x"

type Order[T any] struct{ Total T; hidden int }

func New[T any](t T) *Order[T] { return &Order[T]{Total: t} }

func (o *Order[T]) Name() string { return inner.Name }

type Buyer interface{ Who() string }

type Someone struct{}

func (Someone) Who() string { return "" }
`,
	"order/inner/inner.go": "package inner\n\nconst Name = \"order\"\n",
	"order/order_test.go":  "package order\n\nthis is not Go",
}

func TestModuleTellsWhatCrosses(t *testing.T) {
	workspace(t, threePackages)
	m := Load(check.New(t))
	var paths []string
	for _, p := range m.Packages() {
		paths = append(paths, p.Path)
	}
	want := []string{".", "desk", "order", "order/inner"}
	if diff := cmp.Diff(want, paths); diff != "" {
		t.Error("packages", diff)
	}
	var names []string
	for _, use := range m.Crossing("order") {
		names = append(names, use.Package+"."+use.Name+" "+use.At)
	}
	want = []string{
		"order.Buyer desk/desk.go:8", "order.Buyer.Who desk/desk.go:9", "order.Default desk/desk.go:9",
		"order.New desk/desk.go:6", "order.Order.Name desk/desk.go:9", "order.Order.Total desk/desk.go:7",
		"order.Someone desk/desk.go:8",
	}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Error("names that cross", diff)
	}
}

func TestModuleTellsWhoReachesWhom(t *testing.T) {
	workspace(t, threePackages)
	m := Load(check.New(t))
	if diff := cmp.Diff([]string{".", "desk", "order", "order/inner"}, m.Way(".", "order/inner")); diff != "" {
		t.Error(diff)
	}
	if way := m.Way("order", "desk"); way != nil {
		t.Errorf("order does not import desk, got %v", way)
	}
	if diff := cmp.Diff([]Import{{"order", "desk/desk.go:3"}}, m.Package("desk").Imports); diff != "" {
		t.Error(diff)
	}
}

func TestModuleTellsWhatAPackageExports(t *testing.T) {
	workspace(t, threePackages)
	p := Load(check.New(t)).Package("order")
	var got []string
	for _, e := range p.Exports {
		got = append(got, e.Kind+" "+e.Name)
	}
	want := []string{
		"type Buyer", "method Buyer.Who", "const Default", "func New", "type Order", "method Order.Name",
		"field Order.Total", "type Someone", "method Someone.Who",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if shape := p.Export("New").Shape; shape != "func[T any](t T) *Order[T]" {
		t.Errorf("got %s", shape)
	}
}

func TestSubject(t *testing.T) { checktest.RunSubject(t) }

func init() {
	checktest.Subjects["the module"] = func(c *check.C) { Load(c) }
	checktest.Subjects["a package that is asked for"] = func(c *check.C) { Load(c).Want("order") }
}

func TestModuleThatCannotBeRead(t *testing.T) {
	const order = "package order\n\n"
	for name, test := range map[string]struct {
		files  map[string]string
		say    string
		output string
		at     string
	}{
		"a type error": {map[string]string{"order/order.go": order + "var X int = \"\"\n"},
			"Your code does not compile.", "order/order.go:3:13: cannot use", "order/order.go:3"},
		"a syntax error": {map[string]string{"order/order.go": order + "func {\n"},
			"Your code does not compile.", "order/order.go:3:6: syntax error", "order/order.go:3"},
		"a package that is not there": {map[string]string{"order/order.go": order + "import _ \"shop/product\"\n"},
			"Your code does not compile.", "package shop/product is not in std", "order/order.go:3"},
		"a module that is not allowed": {map[string]string{"order/order.go": order + "import _ \"github.com/x/y\"\n"},
			"Your code imports github.com/x/y, which no module in your go.mod has.", "cannot find module providing package github.com/x/y", "order/order.go:3"},
		"a go.mod that is none": {map[string]string{"go.mod": "module shop\n\ngo banana\n", "order/order.go": order},
			"Your go.mod cannot be read: go.mod:3: invalid go version 'banana': must match format 1.23.0.", "go.mod:3", ""},
		"a circle": {map[string]string{"order/order.go": order + "import _ \"shop/product\"\n", "product/p.go": "package product\n\nimport _ \"shop/order\"\n"},
			"Your code does not compile.", "import cycle not allowed", ""},
		"two package names": {map[string]string{"order/order.go": order, "order/b.go": "package other\n"},
			"Your code does not compile.", "found packages", ""},
		"no go.mod":  {map[string]string{"go.mod": "", "order/order.go": order}, "The workspace has no go.mod, so it is no Go module.", "", ""},
		"no package": {map[string]string{"README": "empty"}, "The workspace has no Go package.", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			dir := workspace(t, test.files)
			got := checktest.Result(t, "the module")
			if got.Verdict != labs.CouldNotCheck || got.Say != test.say || !strings.Contains(got.Output, test.output) {
				t.Errorf("got %+v", got)
			}
			if test.at != "" && got.At != test.at {
				t.Errorf("got at %q, want %q", got.At, test.at)
			}
			if strings.Contains(got.Output, dir) || strings.Contains(got.Output, "/src/") {
				t.Errorf("the output names places of this machine:\n%s", got.Output)
			}
		})
	}
}

func TestModuleOfAnotherName(t *testing.T) {
	workspace(t, map[string]string{"go.mod": "module store\n\ngo 1.26\n", "main.go": "package main\n\nfunc main() {}\n"})
	if got := checktest.Result(t, "the module"); got.Verdict != labs.CouldNotCheck || got.Got != "module store" {
		t.Errorf("got %+v", got)
	}
}

func TestModuleOfAWorkspaceThatIsGone(t *testing.T) {
	dir := workspace(t, nil)
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if got := checktest.Result(t, "the module"); got.Verdict != labs.CouldNotCheck || got.Say != "The workspace cannot be read." {
		t.Errorf("got %+v", got)
	}
}

func TestWantAPackage(t *testing.T) {
	workspace(t, map[string]string{"main.go": "package main\n\nfunc main() {}\n"})
	if got := checktest.Result(t, "a package that is asked for"); got.Verdict != labs.NotYet || got.Say != "There is no package order yet." {
		t.Errorf("got %+v", got)
	}
}
