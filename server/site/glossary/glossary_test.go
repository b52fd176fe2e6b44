package glossary

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

var markdown = goldmark.New(goldmark.WithRendererOptions(renderer.WithNodeRenderers(util.Prioritized(brackets{}, 1))))

// brackets renders a use as [here=name].
type brackets struct{}

func (brackets) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(KindUse, func(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
		if u := node.(*Use); entering {
			_, _ = w.WriteString("[" + u.Here + "=" + u.Word.Name + "]")
		}
		return ast.WalkContinue, nil
	})
}

func parse(body string) ast.Node { return markdown.Parser().Parse(text.NewReader([]byte(body))) }

func TestWordsAndTheirSentences(t *testing.T) {
	for name, test := range map[string]struct {
		body string
		want []Word
	}{
		"a sentence of its own": {
			"First something else. The **retention** of a topic says how long its\nmessages stay, read or not. And more.",
			[]Word{{Name: "retention", Means: "The retention of a topic says how long its messages stay, read or not."}},
		},
		"two words in one": {
			"An order is an **aggregate**: it keeps its **invariants**, which hold after every change.",
			[]Word{
				{Name: "aggregate", Means: "An order is an aggregate: it keeps its invariants, which hold after every change."},
				{Name: "invariants", Means: "An order is an aggregate: it keeps its invariants, which hold after every change."},
			},
		},
		"one that leans on the one before": {
			"Long ago. A producer says whose word is enough for it to go on. That is its **acknowledgement**.",
			[]Word{{Name: "acknowledgement", Means: "A producer says whose word is enough for it to go on. That is its acknowledgement."}},
		},
		"one too short to say much": {
			"In a **choreography** nobody asks. Each service listens and does its part. Then more.",
			[]Word{{Name: "choreography", Means: "In a choreography nobody asks. Each service listens and does its part."}},
		},
		"one that is documented": {
			"The [**retention**](https://example.org/retention) of a topic says how long its messages stay, read or not.",
			[]Word{{Name: "retention", Means: "The retention of a topic says how long its messages stay, read or not.", Link: "https://example.org/retention"}},
		},
		"one that a file shows": {
			"The [**retention**](file:topics/main.go) of a topic says how long its messages stay, read or not.",
			[]Word{{Name: "retention", Means: "The retention of a topic says how long its messages stay, read or not."}},
		},
		"a number that is no end": {
			"A **session** lasts 2.5 s here, and in production thirty seconds or more than that.",
			[]Word{{Name: "session", Means: "A session lasts 2.5 s here, and in production thirty seconds or more than that."}},
		},
		"a bare word in Korean": {
			"구성원이 오거나 가면 브로커는 파티션을 새로 나눕니다. **리밸런스**(rebalance)입니다. 금방 끝납니다.",
			[]Word{{Name: "리밸런스", Means: "구성원이 오거나 가면 브로커는 파티션을 새로 나눕니다. 리밸런스(rebalance)입니다."}},
		},
		"somebody's own word": {
			"> An **order** has a number and at least one line, always and everywhere.",
			[]Word{{Name: "order", Means: "An order has a number and at least one line, always and everywhere.", Quoted: true}},
		},
		"a list of what there is": {
			"- `event.go` is the **envelope**: an id, a type, a time, and the data of an event.",
			[]Word{{Name: "envelope", Means: "event.go is the envelope: an id, a type, a time, and the data of an event."}},
		},
		"a sentence's end inside": {
			"**Stop! Think first.** Then greet whoever comes to you, by name.",
			[]Word{{Name: "Stop! Think first.", Means: "Stop! Think first. Then greet whoever comes to you, by name."}},
		},
		"bold inside bold": {
			"It is ****very** important** that this be so, to everybody who reads it.",
			[]Word{{Name: "very important", Means: "It is very important that this be so, to everybody who reads it."},
				{Name: "very", Means: "It is very important that this be so, to everybody who reads it."}},
		},
		"no word":           {"**<https://example.org>** is an address.", nil},
		"something to do":   {"1. In **product**, listen.\n2. Until at most **22** are left.", nil},
		"a heading, a code": {"# The **heading**\n\n```go\n// **bold**\n```\n", nil},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, Words(parse(test.body), []byte(test.body))); diff != "" {
				t.Errorf("words (-want +got):\n%s", diff)
			}
		})
	}
}

func TestMark(t *testing.T) {
	words := []Word{{Name: "group"}, {Name: "consumer group"}, {Name: "partitions"}, {Name: "order", Quoted: true}, {Name: "로그"}, {Name: "키"}}
	for body, want := range map[string]string{
		"A partition is read by one. A partition is cut.":    "<p>A [partition=partitions] is read by one. A partition is cut.</p>\n",
		"A Consumer group and another group.":                "<p>A [Consumer group=consumer group] and another [group=group].</p>\n",
		"An order, regroup, group-wise.":                     "<p>An order, regroup, group-wise.</p>\n",
		"# A group\n\n`group` **group** [group](x)":          "<h1>A group</h1>\n<p><code>group</code> <strong>group</strong> <a href=\"x\">group</a></p>\n",
		"로그를 읽고 키보드로 지키는 키의 값.":                              "<p>[로그=로그]를 읽고 키보드로 지키는 [키=키]의 값.</p>\n",
		"1. Make the\ngroup & its\n   partitions <b>now</b>": "<ol>\n<li>Make the\n[group=group] &amp; its\n[partitions=partitions] <!-- raw HTML omitted -->now<!-- raw HTML omitted --></li>\n</ol>\n",
	} {
		document := parse(body)
		Mark(document, []byte(body), words)
		var got bytes.Buffer
		if err := markdown.Renderer().Render(&got, []byte(body), document); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got.String()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", body, diff)
		}
	}
}
