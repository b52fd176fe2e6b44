package browser

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// focused is a script that tells whether the element of the selector has the focus.
func focused(selector string) string {
	if selector == "[data-editor]" {
		return editor + `?.matches(":focus")` // where one types
	}
	return fmt.Sprintf(`document.activeElement.matches(%q)`, selector)
}

// panes are the places of the page, each with the skip link and the digit that lead there.
var panes = []struct{ link, digit, selector string }{
	{"text", "1", "#text"},
	{"", "2", "#tree a"},
	{"panels", "3", "#panels [role=tab]"},
	{"", "4", "[data-terminal-first]"},
	{"editor", "5", "[data-editor]"},
	{"check", "6", "#check"},
}

// With the keyboard every pane is a few stops from the start, or one key, in a wide
// window and where only one pane is shown.
func TestEveryPaneIsNear(t *testing.T) {
	s := serve(t)
	for _, width := range []int64{1280, 500} {
		p := open(t, s.URL+stepPath, func(p *tab) { p.do(chromedp.EmulateViewport(width, 800)) })
		p.workbench()
		for _, pane := range panes {
			p.do(chromedp.KeyEvent(pane.digit, chromedp.KeyModifiers(chromedp.ModifierAlt)))
			p.wait(fmt.Sprintf("Alt %s to lead to %s, %d wide", pane.digit, pane.selector, width), focused(pane.selector))
		}
		for _, pane := range panes {
			if pane.link == "" {
				continue
			}
			js[any](p, `document.querySelector(".skip").focus()`)
			for range 4 {
				if js[bool](p, focused(fmt.Sprintf("[data-skip=%s]", pane.link))) {
					break
				}
				p.press(kb.Tab)
			}
			p.press(kb.Enter)
			p.wait(fmt.Sprintf("the link %s to lead to %s, %d wide", pane.link, pane.selector, width), focused(pane.selector))
		}
	}
}

// Without scripts a skip link leads to its place, too.
func TestSkipLinksWithoutScripts(t *testing.T) {
	s := serve(t)
	p := open(t, s.URL+stepPath, withoutScripts)
	for _, pane := range panes {
		if pane.link != "" && !js[bool](p, fmt.Sprintf(`Boolean(document.querySelector(document.querySelector("[data-skip=%s]").getAttribute("href")))`, pane.link)) {
			t.Errorf("the link %s leads nowhere", pane.link)
		}
	}
}
