package markdown

import (
	"os"
	"regexp"
	"testing"
	"unicode/utf8"

	"github.com/alecthomas/chroma/v2/lexers"
)

// dangerous is what a page's policy forbids, and what no text may bring in.
var dangerous = regexp.MustCompile(`(?i)<script|<iframe|<[a-z][^>]*\son[a-z]+=|href="javascript:`)

// elsewhere is a place that is not in the picture.
var elsewhere = regexp.MustCompile(`="[^"]*url\([^#]`)

// Whatever an author writes, a step's page is drawn, and nothing runs in it.
func FuzzStep(f *testing.F) {
	if text, err := os.ReadFile("testdata/text.md"); err == nil {
		f.Add(string(text))
	}
	for _, seed := range []string{
		"", "**Stop! Think first.** Then greet.", "****a** b**", "**s** and s", "**그것은 group입니다.** group을 봅니다.",
		"> **order**\n\n1. **a**\n\n| **b** |\n|---|\n", "```svg\n<svg viewBox=\"0 0 1 1\"><g/></svg>\n```", "```go\nfunc\n```", "[a](javascript:b) ![c](d) <i onclick=e>",
	} {
		f.Add(seed)
	}
	lexer := lexers.Get("go") // finding it by a file's name takes longer than all else
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			t.Skip("no file of a lab is read that is not")
		}
		if len(text) > 1<<10 {
			t.Skip("it takes long, and a short text goes wrong in the same ways")
		}
		r := new(Renderer)
		words := r.Words(text)
		for _, html := range []string{r.HTML(text), r.Step(text, words, "Look")} {
			if found := dangerous.FindString(html); found != "" {
				t.Errorf("%s in %s", found, html)
			}
		}
		_ = coloured(lexer, text)
	})
}

// A picture has nothing that loads, runs or leaves.
func FuzzSVG(f *testing.F) {
	for _, seed := range []string{
		`<svg viewBox="0 0 9 9"><rect class="box" x="1"/><text>a &lt; b</text></svg>`, `<svg><script>alert(1)</script><g/></svg>`,
		`<svg onload="x"><foreignObject><b/></foreignObject></svg>`, `<svg><path fill="url(//evil)" marker-end="url(#tip)"/></svg>`, `<svg><g id='"><script>'/></svg>`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		picture, err := cleanSVG(text)
		if err != nil {
			return
		}
		again, err := cleanSVG(picture)
		if err != nil || again != picture {
			t.Errorf("cleaned again: %q, %v, of %q", again, err, picture)
		}
		for _, never := range []*regexp.Regexp{dangerous, elsewhere} {
			if found := never.FindString(picture); found != "" {
				t.Errorf("%s in %s", found, picture)
			}
		}
	})
}
