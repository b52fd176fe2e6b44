package browser

import (
	"bytes"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// media shows the page as on another medium, with a feature of it.
func (p *tab) media(medium, feature, value string) {
	p.Helper()
	command(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Media: medium, Features: []*emulation.MediaFeature{{Name: feature, Value: value}},
	})
}

// With the colours of high contrast, what is chosen is marked by a line, and
// nothing else is.
func TestForcedColoursMarkWhatIsChosen(t *testing.T) {
	s := serve(t)
	p := open(t, s.URL+stepPath)
	p.workbench()
	p.click(`#tree a[data-file="product/schema.sql"]`)
	p.wait("two open files", `document.querySelectorAll("[data-open-files] .tab").length === 2`)
	p.do(chromedp.EmulateViewport(800, 800)) // the three panes are tabs too
	js[any](p, `document.querySelector("[data-go]").click()`)
	p.wait("the list", `document.querySelector("dialog[open] [role=option]")`)
	p.media("", "forced-colors", "active")
	got := js[[]string](p, `(() => {
			const probe = document.body.appendChild(document.createElement("i"));
			probe.style.color = "Canvas";
			const none = getComputedStyle(probe).color;
			const marked = (e) => {
				const s = getComputedStyle(e);
				return s.outlineStyle !== "none" || (s.borderBlockEndStyle !== "none" && s.borderBlockEndColor !== none);
			};
			const chosen = (e) => e.matches("[aria-current], [aria-selected=true], [aria-pressed=true]");
			return [...document.querySelectorAll(".tab, .step a, .tree-row[data-file], .command, .menu-item[aria-pressed]")]
				.filter((e) => marked(e) !== chosen(e)).map((e) => (chosen(e) ? "not marked: " : "marked: ") + e.outerHTML.slice(0, 160));
		})()`)
	if len(got) > 0 {
		t.Errorf("with forced colours:\n%s", strings.Join(got, "\n"))
	}
}

// On paper stands the step's text, whole and dark on white, whatever pane and
// theme the window shows.
func TestPaperHasTheWholeText(t *testing.T) {
	s := serve(t)
	for _, view := range []string{"text", "editor", "panels"} {
		for _, theme := range []string{"light", "dark"} {
			p := open(t, s.URL+stepPath+"?theme="+theme)
			p.workbench()
			p.click("#tab-" + view)
			p.do(chromedp.EmulateViewport(700, 900)) // about a sheet
			p.media("print", "prefers-color-scheme", theme)
			at := fmt.Sprintf("with %s in view, %s", view, theme)
			if seen := js[[]string](p, `[...document.querySelectorAll(".workbench, .views, .splitter, .notices, .result-bar, .tools, .code-actions")].filter((e) => e.checkVisibility()).map((e) => e.className)`); len(seen) > 0 {
				t.Errorf("%s: on paper there is %s", at, seen)
			}
			if cut := js[[]string](p, `(() => {
				const kept = [...document.querySelectorAll("#text h1, #text .prose, #text .prose *")].filter((e) => !e.closest("[popover], .code-actions"));
				const within = (e) => { const b = e.getBoundingClientRect(); return b.width > 1 && b.bottom + scrollY <= document.documentElement.scrollHeight && b.right <= innerWidth; };
				const scrolls = (e) => e.scrollHeight > e.clientHeight + 1 && getComputedStyle(e).overflowY !== "visible";
				const around = [document.body, document.querySelector("main"), document.getElementById("text")].filter(scrolls);
				return [...kept.filter((e) => !within(e)), ...around].map((e) => e.outerHTML.slice(0, 120));
			})()`); len(cut) > 0 {
				t.Errorf("%s: cut off:\n%s", at, strings.Join(cut, "\n"))
			}
			if ink := js[int](p, `Math.max(...getComputedStyle(document.querySelector("#text .prose")).color.match(/\d+/g).slice(0, 3).map(Number))`); ink > 100 {
				t.Errorf("%s: the text is as light as %d", at, ink)
			}
			sheets(p, at)
		}
	}
}

// sheets prints the page, and fails where the made-up step, which is short,
// takes more than a sheet.
func sheets(p *tab, at string) {
	p.Helper()
	printed, err := chromedp.Call(p.ctx, page.PrintToPDF, page.PrintToPDFParams{})
	if err != nil {
		p.Fatal(err)
	}
	if folder := os.Getenv("PRINTED"); folder != "" {
		_ = os.WriteFile(folder+"/"+strings.ReplaceAll(at, " ", "-")+".pdf", printed.Data, 0o644)
	}
	if n := len(regexp.MustCompile(`/Type\s*/Page\b[^s]`).FindAll(bytes.TrimSpace(printed.Data), -1)); n != 1 {
		p.Errorf("%s: %d sheets, want 1", at, n)
	}
}
