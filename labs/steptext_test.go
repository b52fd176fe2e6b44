package labs

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseText(t *testing.T) {
	for name, test := range map[string]struct {
		source string
		want   Text
	}{
		"whole": {"# Publish it\n\nA reason.\n\n## Do\n\n1. This\n\n## Hints\n\n### First\n\nLook *here*.\n\n### Second\nThere.\n",
			Text{"Publish it", "A reason.\n\n## Do\n\n1. This", []Hint{{"First", "Look *here*."}, {"Second", "There."}}}},
		"no hints": {"# Title\nBody\n### Not a hint\n", Text{"Title", "Body\n### Not a hint", nil}},
		"code is not a heading": {"# Title\n\n```sh\n# a comment\n## Hints\n```\n\n## Hints\n\n### One\n\n~~~~\n### two\n~~~\n~~~~\nend\n",
			Text{"Title", "```sh\n# a comment\n## Hints\n```", []Hint{{"One", "~~~~\n### two\n~~~\n~~~~\nend"}}}},
		"Korean":        {"# 제목\n본문\n## 힌트\n### 하나\n내용\n", Text{"제목", "본문", []Hint{{"하나", "내용"}}}},
		"Windows lines": {"# Title\r\n\r\nBody\r\n## Hints\r\n### One\r\nText\r\n", Text{"Title", "Body", []Hint{{"One", "Text"}}}},
		"two titles":    {"# One\n# Two\n", Text{"One", "# Two", nil}},
		"hash words":    {"#NotATitle\n####### neither\n", Text{"", "#NotATitle\n####### neither", nil}},
		"empty":         {"", Text{}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, parseText(test.source)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestAsWords(t *testing.T) {
	for name, want := range map[string]string{
		"OrderPlacedIsPublished": "Order placed is published", "One": "One", "Has_Line": "Has  line",
	} {
		if got := asWords(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}
