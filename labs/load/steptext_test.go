package load

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cnalab/labs"
)

func TestParseText(t *testing.T) {
	for name, test := range map[string]struct {
		source string
		want   labs.Text
	}{
		"whole": {"# Publish it\n\nA reason.\n\n## Do\n\n1. This\n\n## Hints\n\n### First\n\nLook *here*.\n\n### Second\nThere.\n",
			text("Publish it", "A reason.\n\n## Do\n\n1. This", hint("First", "Look *here*."), hint("Second", "There."))},
		"no hints": {"# Title\nBody\n### Not a hint\n", text("Title", "Body\n### Not a hint")},
		"code is not a heading": {"# Title\n\n```sh\n# a comment\n## Hints\n```\n\n## Hints\n\n### One\n\n~~~~\n### two\n~~~\n~~~~\nend\n",
			text("Title", "```sh\n# a comment\n## Hints\n```", hint("One", "~~~~\n### two\n~~~\n~~~~\nend"))},
		"Korean":        {"# 제목\n본문\n## 힌트\n### 하나\n내용\n", text("제목", "본문", hint("하나", "내용"))},
		"Windows lines": {"# Title\r\n\r\nBody\r\n## Hints\r\n### One\r\nText\r\n", text("Title", "Body", hint("One", "Text"))},
		"two titles":    {"# One\n# Two\n", text("One", "# Two")},
		"hash words":    {"#NotATitle\n####### neither\n", text("", "#NotATitle\n####### neither")},
		"empty":         {"", labs.Text{}},
	} {
		t.Run(name, func(t *testing.T) {
			got := parseText(test.source)
			got.Commands = nil // see TestCommands
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func text(title, body string, hints ...labs.Hint) labs.Text {
	return labs.Text{Title: title, Body: body, Hints: hints}
}

func hint(title, body string) labs.Hint { return labs.Hint{Title: title, Body: body} }

func TestAsWords(t *testing.T) {
	for name, want := range map[string]string{
		"OrderPlacedIsPublished": "Order placed is published", "One": "One", "Has_Line": "Has  line",
	} {
		if got := asWords(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

// Whatever an author writes, each line of a text is in one place of it.
func FuzzText(f *testing.F) {
	for _, seed := range []string{"# T\n\nBody.\n\n## Hints\n\n### A\n\nB.\n", "```\n# no\n```\n", "## 힌트\n### \n", "~~~~\n```\n~~~\n~~~~\n## Hints", "#\n######x\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, source string) {
		text := parseText(source)
		for _, hint := range text.Hints {
			if strings.Contains(hint.Title, "\n") {
				t.Errorf("a hint's title of several lines: %q", hint.Title)
			}
		}
	})
}
