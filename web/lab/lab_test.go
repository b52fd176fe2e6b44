package lab

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cnalab/web/words"
)

func TestTreeHasFoldersFirstThenNames(t *testing.T) {
	var got []string
	var walk func(nodes []*node, indent string)
	walk = func(nodes []*node, indent string) {
		for _, n := range nodes {
			got = append(got, indent+n.name)
			walk(n.sub, indent+"  ")
		}
	}
	walk(grow([]string{"b.go", "order/main.go", "a.go", "order/store/pg.go", "delivery/main.go"}), "")
	want := []string{"delivery", "  main.go", "order", "  store", "    pg.go", "  main.go", "a.go", "b.go"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("tree (-want +got):\n%s", diff)
	}
}

func TestFileLinksOpenTheFile(t *testing.T) {
	at := At{Lab: "event-driven", Step: 2}
	for text, want := range map[string]string{
		`<a href="file:order/main.go">x</a>`:    `<a class="file-link" href="/labs/event-driven/steps/2?file=order%2Fmain.go#editor" data-file="order/main.go" data-line="">x</a>`,
		`<a href="file:order/main.go:41">x</a>`: `<a class="file-link" href="/labs/event-driven/steps/2?file=order%2Fmain.go#editor" data-file="order/main.go" data-line="41">x</a>`,
		`<a href="https://go.dev">x</a>`:        `<a href="https://go.dev">x</a>`,
	} {
		if got := linkFiles(at, text); got != want {
			t.Errorf("linkFiles(%s)\n got %s\nwant %s", text, got, want)
		}
	}
}

// What a file is called must never become markup.
func TestFileLinksStayEscaped(t *testing.T) {
	got := linkFiles(At{Lab: "x", Step: 1}, `<a href="file:a&#34;&gt;&lt;b&gt;.go">x</a>`)
	if strings.Contains(got, `"><b>`) {
		t.Errorf("a file name became markup: %s", got)
	}
}

func TestPositionsAreSplit(t *testing.T) {
	for at, want := range map[string][2]string{
		"order/outbox.go:41":    {"order/outbox.go", "41"},
		"order/outbox.go:41:17": {"order/outbox.go", "41"},
		"order/outbox.go":       {"order/outbox.go", ""},
	} {
		path, line := splitPosition(at)
		if got := [2]string{path, line}; got != want {
			t.Errorf("splitPosition(%q) = %q, want %q", at, got, want)
		}
	}
}

func TestCompilerLinesLeadToTheFiles(t *testing.T) {
	lines := "# shop/order\n./order/http.go:60:17: undefined: x\norder/main.go:3: no\n/usr/lib/go/x.go:1:1: theirs\nat order/a.go:1: later"
	want := []outputLine{
		{"", "# shop/order\n"},
		{"order/http.go:60:17", ": undefined: x\n"},
		{"order/main.go:3", ": no\n"},
		{"", "/usr/lib/go/x.go:1:1: theirs\n"},
		{"", "at order/a.go:1: later"},
	}
	if diff := cmp.Diff(want, outputLines(lines), cmp.AllowUnexported(outputLine{})); diff != "" {
		t.Errorf("output lines (-want +got):\n%s", diff)
	}
	b := ResultBar{Verdict: CouldNotCheck, Say: "order does not compile.", Detail: lines}
	if got := b.position(); got != "order/http.go:60:17" {
		t.Errorf("the result bar points at %q", got)
	}
}

func TestLogLinesAreTakenApart(t *testing.T) {
	for text, want := range map[string]parsed{
		`{"time":"2026-11-21T12:01:07Z","level":"WARN","msg":"again","order":41,"to":{"a":1}}`: {"warn", "again", `order=41 to={"a":1}`},
		`panic: no`:             {"", "panic: no", ""},
		`{"msg":"cut off`:       {"", `{"msg":"cut off`, ""},
		`[1, 2]`:                {"", "[1, 2]", ""},
		`{"msg":"a","b":"c d"}`: {"", "a", "b=c d"},
	} {
		if got := (Line{Text: text}).parse(); got != want {
			t.Errorf("parse(%s) = %+v, want %+v", text, got, want)
		}
	}
}

func TestResultBarTellsADisagreementBeforeASilence(t *testing.T) {
	b := ResultBar{Verdict: CouldNotCheck, Checks: []Check{
		{Title: "one", Verdict: CouldNotCheck, Say: "Kafka did not answer."},
		{Title: "two", Verdict: NotYet, Say: "Stock moved twice."},
	}}
	if got := b.says(t.Context()); got != "Stock moved twice." {
		t.Errorf("the result bar says %q", got)
	}
}

func TestOpenedInIsTheWholeTime(t *testing.T) {
	s := Sandbox{Stages: []Stage{{Took: time.Second}, {Took: 3 * time.Second}}}
	if got := s.took(t.Context()); got != "3.0 s" {
		t.Errorf("without the whole time, took is %q, want the longest stage", got)
	}
	s.Took = 4 * time.Second
	if got := s.took(t.Context()); got != "4.0 s" {
		t.Errorf("took is %q, want the whole time", got)
	}
}

// A sandbox on its way up shows its stages, also on a step that has been checked.
func TestTheFirstPanel(t *testing.T) {
	for _, c := range []struct {
		state   SandboxState
		verdict Verdict
		want    string
	}{
		{Opening, Unchecked, "panel-log"}, {Opening, Passed, "panel-log"}, {Opening, NotYet, "panel-log"}, {Failed, Passed, "panel-log"},
		{Open, Unchecked, "panel-log"}, {Open, Passed, "panel-checks"}, {Open, CouldNotCheck, "panel-checks"},
		{Closed, Passed, "panel-checks"}, {None, Passed, "panel-checks"},
	} {
		if got := firstPanel(Sandbox{State: c.state}, ResultBar{Verdict: c.verdict}); got != c.want {
			t.Errorf("sandbox %s, verdict %q: the first panel is %s, want %s", c.state, c.verdict, got, c.want)
		}
	}
}

// What introduces a terminal names nothing that the lab's sandbox has not.
func TestATerminalNamesWhatThereIs(t *testing.T) {
	for _, language := range []string{"en", "ko"} {
		ctx := words.With(t.Context(), language)
		for kind, names := range map[string][]string{"kafka": {"$KAFKA", "kcat", "kafka-topics.sh"}, "postgres": {"$DATABASE_ORDER", "psql"}, "kubernetes": {"$KUBECONFIG", "kubectl"}, "docker": {"$DOCKER_HOST", "docker"}} {
			terminal := Terminal{Kinds: []string{kind}, Variables: []string{strings.TrimPrefix(names[0], "$")}}
			says := terminal.says(ctx) + terminal.insideSays(ctx)
			none := Terminal{}.says(ctx) + Terminal{}.insideSays(ctx)
			for _, name := range names {
				if !strings.Contains(says, name) || strings.Contains(none, name) {
					t.Errorf("%s, %s: %s is not named where it is, or named where it is not:\n%s\n%s", language, kind, name, says, none)
				}
			}
		}
	}
}
