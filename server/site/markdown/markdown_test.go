package markdown

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write golden files again")

func TestMarkdown(t *testing.T) {
	source, err := os.ReadFile("testdata/text.md")
	if err != nil {
		t.Fatal(err)
	}
	got := new(Renderer).HTML(string(source))
	if *update {
		if err := os.WriteFile("testdata/text.html", []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("testdata/text.html")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("testdata/text.html (-want +got), write it with -update:\n%s", diff)
	}
	if strings.Contains(got, "style=") || strings.Contains(got, "<script") || strings.Contains(got, "javascript:") {
		t.Error("the page's policy forbids some of this")
	}
}

func TestSVG(t *testing.T) {
	for name, try := range map[string]struct{ in, want string }{
		"a box": {
			`<svg viewBox="0 0 9 9" xmlns="http://www.w3.org/2000/svg"><rect class="box" x="1"/><text>a &lt; b</text></svg>`,
			`<svg viewBox="0 0 9 9"><rect class="box" x="1"></rect><text>a &lt; b</text></svg>`,
		},
		"a script":          {`<svg><script>alert(1)</script><g/></svg>`, `<svg><g></g></svg>`},
		"what is in it":     {`<svg><foreignObject><g><b/></g></foreignObject><g/></svg>`, `<svg><g></g></svg>`},
		"a handler":         {`<svg onload="alert(1)"><g onclick="x" class="box"/></svg>`, `<svg><g class="box"></g></svg>`},
		"a style":           {`<svg><g style="fill:red"/></svg>`, `<svg><g></g></svg>`},
		"a link":            {`<svg><a href="javascript:x"><g/></a><use href="//evil"/></svg>`, `<svg></svg>`},
		"a foreign url":     {`<svg><path fill="url(//evil)" marker-end="url(#tip)"/></svg>`, `<svg><path marker-end="url(#tip)"></path></svg>`},
		"another namespace": {`<svg><x:g xmlns:x="urn:x"/><g/></svg>`, `<svg><g></g></svg>`},
		"a comment":         {`<svg><!-- <script> --><g/></svg>`, `<svg><g></g></svg>`},
	} {
		got, err := cleanSVG(try.in)
		if err != nil || got != try.want {
			t.Errorf("%s: got %s, %v; want %s", name, got, err, try.want)
		}
	}
	for _, bad := range []string{``, `text`, `<p>no</p>`, `<svg><g></svg>`, `<svg>`, `<svg/><script/>`, `<svg></svg><p/>`} {
		if got, err := cleanSVG(bad); err == nil {
			t.Errorf("%q is drawn as %s", bad, got)
		}
	}
}
