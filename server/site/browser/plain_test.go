package browser

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Without scripts a step can be read, its files too, and Check works.
func TestWithoutScripts(t *testing.T) {
	p := browse(t)
	server := theProgram(t)
	command(p, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	p.open(server.open)
	p.click(`a[href="/labs/event-driven"]`)
	p.shows(".prose", "event")
	p.click(`#tree a[data-file="order/http.go"]`)
	p.shows("[data-plain]", "package main")
	p.click("#hint-more")
	p.shows("#hints", "Hint 1 of")
	ctx, cancel := p.patient(5 * time.Minute) // the first check waits for the sandbox
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.Click(chromedp.CSS("#check")), chromedp.WaitVisible(chromedp.CSS(".verdict-list .verdict"))); err != nil {
		t.Fatal(err)
	}
	deadline := time.Now().Add(3 * time.Minute)
	for {
		text, err := chromedp.Run(ctx, chromedp.TextContent(chromedp.CSS("#result-bar")))
		if err == nil && (strings.Contains(text, "passed") || strings.Contains(text, "not yet")) {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("the result bar says %q, %v", text, err)
		}
		time.Sleep(200 * time.Millisecond)
	}
}

// shows fails where the element does not hold the text in good time.
func (p *page) shows(selector, text string) {
	p.Helper()
	ctx, cancel := p.patient(20 * time.Second)
	defer cancel()
	last := ""
	for ctx.Err() == nil {
		if got, err := chromedp.Run(ctx, chromedp.TextContent(chromedp.CSS(selector))); err == nil {
			if last = got; strings.Contains(got, text) {
				return
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	p.Fatalf("%s shows %.300q, want %q in it", selector, last, text)
}

// With nothing but a keyboard: choose the lab, choose a file, edit it, check
// it, and get out of the editor again.
func TestKeyboardOnly(t *testing.T) {
	p := browse(t)
	server := theProgram(t)
	p.open(server.open)
	p.tabTo(`document.activeElement.matches('a[href="/labs/event-driven"]')`)
	p.press(kb.Enter)
	p.alive()
	p.press("2", chromedp.ModifierAlt)
	p.tabTo(`document.activeElement.dataset.file === "order/http.go"`, chromedp.ModifierShift) // it stands before the open one
	p.press(kb.Enter)
	p.wait(10*time.Second, "the file", editor+`.getAttribute("aria-label") === "order/http.go"`)
	p.tabTo(`document.activeElement.matches("[data-editor]")`)
	p.press(kb.Home, chromedp.ModifierCtrl)
	for _, key := range "// typed by key\n" {
		p.press(string(key))
	}
	p.saved()
	if got := server.file(t, "event-driven", "order/http.go"); !strings.HasPrefix(got, "// typed by key\n") {
		t.Errorf("the file starts with %.40q", got)
	}
	p.press(kb.Escape)
	p.press(kb.Tab)
	p.wait(5*time.Second, "the focus to leave the editor", `!document.activeElement.matches("[data-editor]")`)
	p.tabTo(`document.activeElement.id === "check"`)
	p.press(kb.Enter)
	p.wait(5*time.Minute, "the verdict", `["passed", "not-yet"].includes(document.querySelector("#result-bar").dataset.verdict)`)
}

// tabTo presses Tab, with those keys held, until the condition holds.
func (p *page) tabTo(condition string, modifiers ...chromedp.Modifier) {
	p.Helper()
	for range 200 {
		if js[bool](p, condition) {
			return
		}
		p.press(kb.Tab, modifiers...)
	}
	p.Fatalf("the keyboard never reaches %s; it is at %s", condition, js[string](p, `document.activeElement.outerHTML.slice(0, 300)`))
}
