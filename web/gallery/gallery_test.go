package gallery

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"github.com/google/go-cmp/cmp"

	"cnalab/web/catalogue"
	"cnalab/web/lab"
	"cnalab/web/mutants"
	"cnalab/web/page"
	"cnalab/web/problem"
	"cnalab/web/signin"
	"cnalab/web/words"
)

var update = flag.Bool("update", false, "write the golden files anew")

var shell = page.Shell{Title: "Title", Path: "/labs/event-driven/steps/3", Style: "/assets/main.css", Script: "/assets/main.js"}

// whole are the pages that the gallery does not show as exhibits.
func whole() []Exhibit {
	planned := Whole(shell)
	planned.Heading.Planned = true
	unready := problem.Page{Shell: shell, Status: 404, Problem: problem.Problem{Say: "There is no lab of that name.", Next: "Choose one in the catalogue."}}
	return []Exhibit{
		{"page/lab", lab.View(Whole(shell))},
		{"page/lab-planned", lab.View(planned)},
		{"page/catalogue", catalogue.View(catalogue.Page{Shell: shell, Labs: Labs()})},
		{"page/catalogue-empty", catalogue.View(catalogue.Page{Shell: shell})},
		{"page/problem", problem.View(unready)},
		{"page/mutants", mutants.View(Mutants(shell))},
		{"page/mutants-none", mutants.View(mutants.Page{Shell: shell, Lab: "040 Event-driven architecture", URL: "/labs/event-driven", Command: "go run ./server labs mutate event-driven"})},
		{"page/signin", signin.View(signin.Page{Shell: shell, Host: "127.0.0.1:8080"})},
		{"page/signin-wrong", signin.View(signin.Page{Shell: shell, Wrong: true, Host: "127.0.0.1:8080"})},
	}
}

func TestEveryComponentInEveryState(t *testing.T) {
	for _, e := range append(Exhibits(), whole()...) {
		for _, language := range words.Languages {
			name := strings.ReplaceAll(e.Name, "/", "-") + "." + language
			t.Run(name, func(t *testing.T) { compare(t, name, render(t, e.Component, language)) })
		}
	}
}

// A style attribute or an inline script would not survive the pages' policy.
func TestNothingInline(t *testing.T) {
	for _, e := range append(Exhibits(), whole()...) {
		got := render(t, e.Component, "en")
		for _, refused := range []string{" style=", "<style", "javascript:", " onclick=", "hx-on", `<script>`} {
			if strings.Contains(got, refused) {
				t.Errorf("%s holds %q, which the content security policy refuses", e.Name, refused)
			}
		}
	}
}

func TestNoTwoExhibitsShareAName(t *testing.T) {
	seen := map[string]bool{}
	for _, e := range append(Exhibits(), whole()...) {
		if seen[e.Name] {
			t.Errorf("two exhibits are named %s", e.Name)
		}
		seen[e.Name] = true
	}
}

func render(t *testing.T, c templ.Component, language string) string {
	t.Helper()
	var b bytes.Buffer
	if err := c.Render(words.With(context.Background(), language), &b); err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(b.String(), "><", ">\n<") + "\n"
}

func compare(t *testing.T, name, got string) {
	t.Helper()
	golden := filepath.Join("testdata", name+".html")
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatalf("%v; write it with: go test ./web/gallery -update", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s has changed (-want +got):\n%s", name, diff)
	}
}
