package browser

import (
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

const (
	consumer = "product/consumer.go"
	stepPath = labPath + "/steps/3"
)

func TestTypedTextIsSavedAndChecked(t *testing.T) {
	s := serve(t)
	p := open(t, s.URL+stepPath)
	p.workbench()
	p.write("// once\n")
	p.do(chromedp.KeyEvent(kb.Enter, chromedp.KeyModifiers(chromedp.ModifierCtrl)))
	p.says("#result-bar", "passed")
	if got := s.read(consumer); !strings.HasPrefix(got, "// once\n") {
		t.Errorf("the check ran before the text was saved; the server has %q", got)
	}
}

func TestTwoTabsDoNotOverwriteEachOther(t *testing.T) {
	s := serve(t)
	p := open(t, s.URL+stepPath)
	p.workbench()
	s.mu.Lock()
	s.files[consumer] = "package theirs\n" // with no event, as a tab that saves in the same moment
	s.mu.Unlock()
	p.write("// mine\n")
	p.says("#conflict", "Somebody else changed this file")
	if got := s.read(consumer); got != "package theirs\n" {
		t.Fatalf("their text was overwritten with %q", got)
	}
	p.click("#conflict button:nth-child(2)")
	p.wait("the text to be saved", `document.querySelector("[data-saved]").dataset.state === "saved"`)
	p.wait("the question to go", `document.getElementById("conflict").hidden`)
	if got := s.read(consumer); got != "// mine\npackage main\n" {
		t.Errorf("after keeping mine the server has %q", got)
	}
}

func TestBothTextsAreShownSideBySide(t *testing.T) {
	s := serve(t)
	p := open(t, s.URL+stepPath)
	p.workbench()
	s.mu.Lock()
	s.files[consumer] = "package theirs\n"
	s.mu.Unlock()
	p.write("// mine\n")
	p.says("#conflict", "Somebody else")
	p.click("#conflict button:nth-child(1)")
	p.wait("both texts", `document.querySelector(".merge")?.shadowRoot?.querySelectorAll(".cm-content").length === 2`)
	p.click("dialog .button-main")
	p.wait("the question to go", `document.getElementById("conflict").hidden`)
	p.wait("the text to be saved", `document.querySelector("[data-saved]").dataset.state === "saved"`)
}

func TestAChangeOnDiskIsShownWhereNothingWasTyped(t *testing.T) {
	s := serve(t)
	p := open(t, s.URL+stepPath)
	p.workbench()
	p.wait("the events", `"online" in document.documentElement.dataset`)
	s.write(consumer, "package other\n")
	p.wait("the new text", editor+`.textContent.includes("package other")`)
	if js[bool](p, `!document.getElementById("conflict").hidden`) {
		t.Error("the page asks a question that nobody needs to answer")
	}
}

func TestNothingTypedIsLostWhileTheServerIsAway(t *testing.T) {
	s := serve(t)
	p := open(t, s.URL+stepPath)
	p.workbench()
	s.leave(true)
	p.says("#offline", "The server does not answer")
	p.write("// away\n")
	p.says("[data-saved]", "kept in this browser")
	s.leave(false)
	p.wait("the text to be saved", `document.querySelector("[data-saved]").dataset.state === "saved"`)
	p.wait("the sentence to go", `document.getElementById("offline").hidden`)
	p.wait("the draft to go", `Object.keys(localStorage).every((key) => !key.includes("draft"))`)
	if got := s.read(consumer); got != "// away\npackage main\n" {
		t.Errorf("after it came back the server has %q", got)
	}
}

func TestADraftOutlivesThePage(t *testing.T) {
	s := serve(t)
	p := open(t, s.URL+stepPath)
	p.workbench()
	s.leave(true)
	p.write("// away\n")
	p.says("[data-saved]", "kept in this browser")
	p.do(chromedp.Navigate("about:blank"))
	s.leave(false)
	p.do(chromedp.Navigate(s.URL + stepPath))
	p.workbench()
	p.wait("the draft", editor+`.textContent.includes("// away")`)
	p.wait("the text to be saved", `document.querySelector("[data-saved]").dataset.state === "saved"`)
	if got := s.read(consumer); got != "// away\npackage main\n" {
		t.Errorf("after the page came back the server has %q", got)
	}
}

func TestFilesAreMade(t *testing.T) {
	s := serve(t)
	p := open(t, s.URL+stepPath)
	p.workbench()
	p.click("[data-new-file]")
	command(p, input.InsertText, input.InsertTextParams{Text: "order/money.go"})
	p.do(chromedp.KeyEvent(kb.Enter))
	p.wait("the file in the tree", `document.querySelector("#tree a[data-file='order/money.go'][aria-current]")`)
	if !slices.Contains(s.paths(), "order/money.go") {
		t.Error("the file is not on the server")
	}
}

func TestSplittersMoveWithTheKeyboardAndStay(t *testing.T) {
	s := serve(t)
	p := open(t, s.URL+stepPath)
	p.workbench()
	js[any](p, `document.querySelector("[data-splitter=column]").focus()`)
	p.do(chromedp.KeyEvent(kb.ArrowRight))
	wide := `Math.round(100 * document.getElementById("text").offsetWidth / innerWidth)`
	if got := js[int](p, wide); got != 42 {
		t.Errorf("after one key the text takes %d%% of the width, want 42%%", got)
	}
	p.do(chromedp.Navigate(s.URL + stepPath))
	p.workbench()
	if got := js[int](p, wide); got != 42 {
		t.Errorf("after a reload the text takes %d%% of the width, want 42%%", got)
	}
}

func TestLinksToFilesOpenTheLine(t *testing.T) {
	s := serve(t)
	s.files["order/outbox.go"] = strings.Repeat("// a line that is wider than the editor, so that it scrolls both ways and not only down\n", 80)
	p := open(t, s.URL+stepPath+"?file=order/outbox.go")
	p.wait("the file of the address", `document.querySelector("[data-editor]")?.shadowRoot?.querySelector(".cm-content[aria-label='order/outbox.go']")`)
	p.click("#result-bar a[data-file]")
	p.workbench()
	p.wait("the editor to have the focus", `document.activeElement?.matches("[data-editor]")`)
}

func TestReadingAndCheckWorkWithoutScripts(t *testing.T) {
	s := serve(t)
	p := open(t, s.URL+stepPath, withoutScripts)
	for selector, want := range map[string]string{
		"h1": "The same event twice", "[data-plain]": "func handle", "#verdicts": "stock moved twice",
		"form[data-check] button": "Check", "#tree": "outbox.go",
	} {
		text, err := chromedp.Run(p.ctx, chromedp.Text(chromedp.CSS(selector)))
		if err != nil || !strings.Contains(text, want) {
			t.Errorf("%s shows %q (%v), want %q", selector, text, err, want)
		}
	}
}

// The button that asks is gone once the answer is in its place.
func TestTheSolutionComesInItsPlace(t *testing.T) {
	s := serve(t)
	p := open(t, s.URL+stepPath)
	p.workbench()
	p.click("#solution form button")
	p.says("#solution", "go run ./topic")
	p.wait("a button to copy it", `document.querySelector("#solution pre .copy")`)
	if js[bool](p, `!!document.querySelector("#solution form")`) {
		t.Error("the page still asks whether to show what it shows")
	}
}
