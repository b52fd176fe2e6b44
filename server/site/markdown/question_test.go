package markdown

import (
	"strings"
	"testing"
)

const asksOfAFourth = `What does a fourth member of the group get?

- [ ] a share of **each** partition
- [x] nothing, until
  another leaves

~~~sh
go run ./consume -group delivery
~~~

A partition has one member.
`

func fence(question string) string {
	return "Before.\n\n````question\n" + question + "````\n\nAfter.\n"
}

func TestQuestion(t *testing.T) {
	got := new(Renderer).Step(fence(asksOfAFourth), nil, "Look & compare")
	for _, want := range []string{
		`<p>Before.</p>`, `">What does a fourth member of the group get?</div>`,
		`aria-pressed="false">a share of <strong>each</strong> partition</button>`,
		`data-right>nothing, until another leaves</button>`, `<summary>Look &amp; compare</summary>`,
		`<div class="code" data-language="sh">`, "<p>A partition has one member.</p></details>", `<p>After.</p>`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in\n%s", want, got)
		}
	}
	if faults := Faults(fence(asksOfAFourth)); len(faults) > 0 {
		t.Error(faults)
	}
}

// What is no question is told to its author, and on the page.
func TestNoQuestion(t *testing.T) {
	for name, try := range map[string]struct{ from, to, want string }{
		"asks nothing":     {"What does a fourth member of the group get?", "", "begins with what it asks"},
		"one option":       {"- [ ] a share of **each** partition\n", "", "two to five options"},
		"none right":       {"[x]", "[ ]", "one option is right"},
		"both right":       {"[ ]", "[x]", "one option is right"},
		"no answer":        {"\n~~~sh\ngo run ./consume -group delivery\n~~~\n\nA partition has one member.\n", "", "says, or shows"},
		"options in parts": {"A partition", "- [ ] an error\n\nA partition", "one list"},
	} {
		text := strings.Replace(asksOfAFourth, try.from, try.to, 1)
		if got := strings.Join(Faults(fence(text)), " "); !strings.Contains(got, try.want) {
			t.Errorf("%s: got %q, want %q", name, got, try.want)
		}
		if got := new(Renderer).HTML(fence(text)); !strings.Contains(got, "This question cannot be asked") || !strings.Contains(got, "After.") {
			t.Errorf("%s is drawn as %s", name, got)
		}
	}
}

// A question keeps its name while its options change, and another has another.
func TestQuestionNames(t *testing.T) {
	name := func(text string) string {
		q, err := readQuestion(text)
		if err != nil {
			t.Fatal(err)
		}
		return questionName(q)
	}
	one := name(asksOfAFourth)
	if same := name(strings.Replace(asksOfAFourth, "nothing", "none", 1)); same != one {
		t.Errorf("%s and %s", one, same)
	}
	if other := name(strings.Replace(asksOfAFourth, "fourth", "fifth", 1)); other == one {
		t.Error("two questions have one name")
	}
}

// A tool is put in by a script: without one there is nothing, and nothing of the
// block is shown.
func TestPlaceOfAToken(t *testing.T) {
	if got := new(Renderer).HTML("Before.\n\n```jwt\n```\n"); got != "<p>Before.</p>\n<div class=\"jwt\" data-jwt></div>\n" {
		t.Errorf("got %q", got)
	}
}
