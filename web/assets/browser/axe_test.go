package browser

import (
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"cnalab/fixtures/require"
)

// serious runs axe over the page and returns what a person who cannot see, or
// not use a mouse, would stumble over.
const serious = `axe.run(document, {resultTypes: ["violations"]}).then(({violations}) => violations
	.filter(({impact}) => impact === "serious" || impact === "critical")
	.map(({id, help, nodes}) => id + ": " + help + "\n" + nodes.slice(0, 5).map(({html}) => "    " + html.slice(0, 200)).join("\n"))
	.join("\n"))`

func TestAxeFindsNothingSerious(t *testing.T) {
	axe, err := os.ReadFile("../node_modules/axe-core/axe.min.js")
	if err != nil {
		require.Missing(t, "browser", "axe-core is not installed: "+err.Error())
	}
	s := serve(t)
	s.files[consumer] = strings.Repeat("// a line that is wider than the editor, so that it scrolls both ways\n", 80)
	for _, path := range []string{"/", "/gallery", "/problem", stepPath} {
		for _, look := range []string{"theme=light&lang=en", "theme=dark&lang=ko"} {
			for _, width := range []int64{1280, 400} {
				t.Run(strings.Trim(path, "/")+" "+look, func(t *testing.T) {
					p := open(t, s.URL+path+"?"+look, func(p *tab) { p.do(chromedp.EmulateViewport(width, 800)) })
					p.wait("the scripts", `"js" in document.documentElement.dataset`)
					if path == stepPath {
						p.workbench()
					}
					js[any](p, string(axe)+"; 0")
					if found := js[string](p, serious); found != "" {
						t.Errorf("%d wide: %s", width, found)
					}
				})
			}
		}
	}
}

// Nothing may be cut off at the right edge, however narrow the window is.
func TestNarrowPagesDoNotScrollSideways(t *testing.T) {
	s := serve(t)
	for _, path := range []string{"/", "/problem", stepPath} {
		for _, language := range []string{"en", "ko"} {
			p := open(t, s.URL+path+"?lang="+language, func(p *tab) { p.do(chromedp.EmulateViewport(360, 740)) })
			p.wait("the scripts", `"js" in document.documentElement.dataset`)
			if over := js[int](p, `document.documentElement.scrollWidth - innerWidth`); over > 0 {
				t.Errorf("%s in %s is %d px wider than a window of 360 px", path, language, over)
			}
		}
	}
}
