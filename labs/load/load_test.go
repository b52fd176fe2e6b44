package load

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cnalab/labs"
	"cnalab/labs/labtest"
	"cnalab/labs/scaffold"
	"cnalab/labs/textfile"
)

func TestAll(t *testing.T) {
	dir, _ := labtest.New(t)
	labtest.Write(t, "title: Later\nsummary: It comes.\nminutes: 20\nhalf: run\nparts: {docker: }\nplanned: true\n", dir, "080-later/lab.yaml")
	labtest.Write(t, "not a lab", dir, "check/check.go")
	all, err := All(dir)
	if err != nil {
		t.Fatal(err)
	}
	var folders []string
	for _, lab := range all {
		folders = append(folders, lab.Folder)
	}
	if diff := cmp.Diff([]string{"010-greeting", "080-later"}, folders); diff != "" {
		t.Fatalf("labs (-want +got):\n%s", diff)
	}
	first, later := all[0], all[1]
	if first.ID != "greeting" || first.Number != "010" || first.Title != "Greeting" || first.Minutes != 10 || first.Half != labs.HalfBuild {
		t.Errorf("lab %+v", first)
	}
	if !later.Planned || !later.Has(labs.KindDocker) || later.Has(labs.KindKafka) || len(later.Steps) > 0 || later.Half != labs.HalfRun {
		t.Errorf("lab %+v", later)
	}
	if first.In("ko").Title != "인사" || first.In("fr") != first.Name || later.In("ko").Title != "Later" {
		t.Errorf("names %+v, %+v, %+v", first.In("ko"), first.In("fr"), later.In("ko"))
	}
	step := first.Step(1)
	if want := []labs.Check{{Name: "TestStep01_GreetsByName", Title: "The program greets whoever it is told to"}}; !cmp.Equal(step.Checks, want) {
		t.Errorf("checks %v, want %v", step.Checks, want)
	}
	if step.Slug != "greet" || step.In("ko").Title != "오는 사람에게 인사하기" || step.In("fr").Title != "Greet whoever comes" || len(step.In("ko").Hints) != 2 {
		t.Errorf("step %+v", step)
	}
	if first.Step(0) != nil || first.Step(2) != nil {
		t.Error("steps that are not there")
	}
}

// TestLoadBroken shows that a broken lab hides none of the others, whatever
// is wrong with it.
func TestLoadBroken(t *testing.T) {
	for name, spoil := range map[string]func(lab string){
		"yaml that is none": func(lab string) { labtest.Write(t, "title: a: b\n", lab, "lab.yaml") },
		"unknown key":       func(lab string) { labtest.Write(t, "title: T\nsumary: S\n", lab, "lab.yaml") },
		"wrong type":        func(lab string) { labtest.Write(t, "title: T\nminutes: soon\n", lab, "lab.yaml") },
		"no yaml":           func(lab string) { os.Remove(filepath.Join(lab, "lab.yaml")) },
		"no steps":          func(lab string) { os.RemoveAll(filepath.Join(lab, "steps")) },
		"gap in steps":      func(lab string) { labtest.Write(t, "# Three\n", lab, "steps/03-three.md") },
		"same number":       func(lab string) { labtest.Write(t, "# Other\n", lab, "steps/01-other.md") },
		"checks are no Go":  func(lab string) { labtest.Write(t, "package", lab, "checks/checks_test.go") },
		"empty yaml":        func(lab string) { labtest.Write(t, "", lab, "lab.yaml") },
		"unknown kind":      func(lab string) { labtest.Write(t, "title: T\nparts: {oracle: }\n", lab, "lab.yaml") },
		"part outside": func(lab string) {
			labtest.Write(t, "title: T\nparts: {../../order: {kind: service}}\n", lab, "lab.yaml")
		},
		"part twice":        func(lab string) { labtest.Write(t, "title: T\nparts:\n  kafka:\n  kafka:\n", lab, "lab.yaml") },
		"binary yaml":       func(lab string) { labtest.Write(t, "\x00\xff\x01", lab, "lab.yaml") },
		"two documents":     func(lab string) { labtest.Write(t, "title: T\n---\ntitle: U\n", lab, "lab.yaml") },
		"a text in Latin-1": func(lab string) { labtest.Write(t, "# Caf\xe9\n", lab, "steps/01-greet.md") },
		"a text too large": func(lab string) {
			labtest.Write(t, "# T\n"+strings.Repeat("a", textfile.MaxStep), lab, "steps/01-greet.md")
		},
		"a file too large":   func(lab string) { labtest.Write(t, strings.Repeat("#", textfile.MaxFile+1), lab, "lab.yaml") },
		"a folder as a text": func(lab string) { labtest.Write(t, "", lab, "steps/02-more.md/a") },
		"an endless text":    func(lab string) { link(t, "/dev/zero", lab, "steps/02-more.md") },
		"a text of nothing":  func(lab string) { link(t, "/nowhere", lab, "steps/02-more.md") },
	} {
		t.Run(name, func(t *testing.T) {
			dir, lab := labtest.New(t)
			if _, err := scaffold.New(dir, "whole"); err != nil {
				t.Fatal(err)
			}
			spoil(lab)
			all, err := All(dir)
			if len(all) != 1 || all[0].ID != "whole" {
				t.Errorf("%d labs", len(all))
			}
			p := labs.AsProblem(err)
			if err == nil || p.Kind != labs.BadInput || !strings.Contains(p.Say, "010-greeting") || !strings.HasPrefix(p.Detail, "010-greeting/") {
				t.Errorf("problem %+v", p)
			}
		})
	}
}

func link(t *testing.T, to string, path ...string) {
	t.Helper()
	if err := os.Symlink(to, filepath.Join(path...)); err != nil {
		t.Fatal(err)
	}
}

// Two labs of one name would share the learner's workspace; the first one has it.
func TestLoadSameID(t *testing.T) {
	dir, lab := labtest.New(t)
	if err := os.CopyFS(filepath.Join(dir, "015-greeting"), os.DirFS(lab)); err != nil {
		t.Fatal(err)
	}
	all, err := All(dir)
	if len(all) != 1 || all[0].Folder != "010-greeting" || !strings.HasPrefix(labs.AsProblem(err).Detail, "015-greeting") {
		t.Errorf("%d labs, %v", len(all), err)
	}
}

func TestLoadNothing(t *testing.T) {
	if all, err := All(filepath.Join(t.TempDir(), "gone")); len(all) > 0 || labs.AsProblem(err).Kind != labs.NotFound {
		t.Errorf("%v, %v", all, err)
	}
	if all, err := All(t.TempDir()); len(all) > 0 || err != nil {
		t.Errorf("%v, %v", all, err)
	}
}
