package markdown

import (
	"strings"
	"testing"
)

const measured = `file: measure.csv
caption: Pages & commands
empty: Nothing yet. Run ` + "`go run ./measure`" + `.
reads: Pages a second
p95: p95 in ms
`

func chartFence(block string) string { return "Before.\n\n```chart\n" + block + "```\n\nAfter.\n" }

func TestChart(t *testing.T) {
	got := new(Renderer).Step(chartFence(measured), nil, "Look")
	for _, want := range []string{
		`<p>Before.</p>`, `<figure class="chart" data-chart="measure.csv"><figcaption>Pages &amp; commands</figcaption>`,
		`<p class="chart-empty">Nothing yet. Run <code>go run ./measure</code>.</p>`,
		`<div class="chart-plot" data-column="p95"><p>p95 in ms</p></div>`, `<p>After.</p>`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in\n%s", want, got)
		}
	}
	if faults := Faults(chartFence(measured)); len(faults) > 0 {
		t.Error(faults)
	}
}

// What is no chart is told to its author, and on the page.
func TestNoChart(t *testing.T) {
	for name, try := range map[string]struct{ from, to, want string }{
		"no file":           {"file: measure.csv\n", "", "one of the workspace"},
		"file of elsewhere": {"measure.csv", "../measure.csv", "one of the workspace"},
		"absolute file":     {"measure.csv", "/etc/measure.csv", "one of the workspace"},
		"no caption":        {"caption: Pages & commands\n", "", "says what is seen"},
		"never empty":       {"empty: ", "e: ", "as long as there is no file"},
		"no column":         {"reads: Pages a second\np95: p95 in ms\n", "", "one to four columns"},
		"five columns":      {"p95: p95 in ms\n", "a: A\nb: B\nc: C\nd: D\n", "one to four columns"},
		"a line of none":    {"p95: p95 in ms", "p95", "KEY: VALUE"},
	} {
		text := strings.Replace(measured, try.from, try.to, 1)
		if got := strings.Join(Faults(chartFence(text)), " "); !strings.Contains(got, try.want) {
			t.Errorf("%s: got %q, want %q", name, got, try.want)
		}
		if got := new(Renderer).HTML(chartFence(text)); !strings.Contains(got, "This chart cannot be drawn") || !strings.Contains(got, "After.") {
			t.Errorf("%s is drawn as %s", name, got)
		}
	}
}
