package browser

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// A choice opens what shows the answer, is marked, and is there after a reload.
func TestAQuestionIsAnswered(t *testing.T) {
	s := serve(t)
	p := open(t, s.URL+stepPath)
	p.workbench()
	const (
		first   = `document.querySelector("[data-question] button[aria-pressed]")`
		chosen  = `[...document.querySelectorAll("[data-question] [aria-pressed=true]")].map(b => b.textContent).join()`
		opened  = `document.querySelector("[data-question] details").open`
		looking = `document.querySelector("[data-question] .code").checkVisibility()`
	)
	if js[bool](p, opened+" || "+looking) {
		t.Fatal("it shows the answer before it is asked for")
	}
	js[any](p, first+`.focus()`)
	p.press(kb.Enter)
	p.wait("the answer", opened+" && "+looking)
	if got := js[string](p, chosen); got != "It goes down once more." {
		t.Errorf("chosen is %q", got)
	}
	p.click("[data-question] [data-right]")
	p.wait("another choice", chosen+`.startsWith("It stays")`)
	if got := js[string](p, `getComputedStyle(document.querySelector("[data-question] [data-right]"), "::after").content`); got == "none" {
		t.Error("what is right is not marked")
	}
	p.do(chromedp.Navigate(s.URL + stepPath))
	p.workbench()
	p.wait("the choice again", opened+" && "+chosen+`.startsWith("It stays")`)
}

// Without scripts the answer can be opened, and marks what is right.
func TestAQuestionWithoutScripts(t *testing.T) {
	s := serve(t)
	p := open(t, s.URL+stepPath, withoutScripts)
	p.click("[data-question] summary")
	p.wait("the answer", `document.querySelector("[data-question] details").open`)
}
