package browser

import (
	"os"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"cnalab/fixtures/require"
)

func (p *tab) press(key string, modifiers ...chromedp.Modifier) {
	p.Helper()
	p.do(chromedp.KeyEvent(key, chromedp.KeyModifiers(modifiers...)))
}

// point moves the mouse there.
func (p *tab) point(x, y float64) {
	p.Helper()
	command(p, input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: input.DispatchMouseEventTypeMouseMoved, X: x, Y: y, PointerType: input.DispatchMouseEventPointerTypeMouse})
}

// A check that runs is cancelled with a button, or with Escape in the result bar;
// the focus stays where the learner can go on.
func TestCancel(t *testing.T) {
	s := serve(t)
	s.hold = true
	p := open(t, s.URL+stepPath)
	p.workbench()
	for _, how := range []string{"button", "Escape"} {
		p.click("#check")
		p.wait("the button", `document.getElementById("cancel")`)
		if how == "Escape" {
			js[any](p, `document.getElementById("check").focus()`)
			p.press(kb.Escape)
		} else {
			js[any](p, `document.getElementById("cancel").focus()`)
			p.press(kb.Enter)
		}
		p.says("#result-bar-says", "You cancelled the check")
		p.wait("the focus on Check after "+how, `document.activeElement.id === "check"`)
	}
}

// Whatever the page offers can be found by its name and done with the keys.
func TestFindWithTheKeyboard(t *testing.T) {
	s := serve(t)
	p := open(t, s.URL+stepPath)
	p.workbench()
	p.press("k", chromedp.ModifierCtrl)
	p.wait("the list", `document.querySelector("dialog[open] [role=option]")`)
	for _, name := range []string{"product/schema.sql", "3 The same event twice", "Check", "kafka: Pause", "Colours: Dark", "Show a hint", "Cancel"} {
		found := js[bool](p, "[...document.querySelectorAll(`[role=option]`)].some(o => o.textContent.startsWith(`"+name+"`))")
		if found != (name != "Cancel") {
			t.Errorf("the list offers %s: %t", name, found)
		}
	}
	for _, letter := range "schema" {
		p.press(string(letter))
	}
	p.press(kb.ArrowDown)
	p.press(kb.ArrowUp)
	marked := `document.getElementById(document.querySelector("dialog input").getAttribute("aria-activedescendant")).textContent`
	p.wait("the file to be marked", marked+`.startsWith("product/schema.sql")`)
	p.press(kb.Enter)
	p.wait("the file", editor+`.getAttribute("aria-label") === "product/schema.sql"`)
	if js[bool](p, `!!document.querySelector("dialog")`) {
		t.Error("the list is still open")
	}
	js[any](p, `document.querySelector("[data-go]").click()`)
	for _, letter := range "zzzz" {
		p.press(string(letter))
	}
	p.says("dialog [role=status]", "Nothing here has that name")
	p.press(kb.Enter)
	p.press(kb.Escape)
	p.wait("the list to close", `!document.querySelector("dialog")`)
}

// A file that a learner chooses while the page is still loading stays.
func TestAnEarlyChoiceStays(t *testing.T) {
	s := serve(t)
	s.slow[consumer] = time.Second
	p := open(t, s.URL+stepPath)
	p.wait("the editor", `document.querySelector("[data-editor]")?.hasAttribute("data-on")`)
	p.click(`#tree a[data-file="product/schema.sql"]`)
	p.wait("the file", editor+`.getAttribute("aria-label") === "product/schema.sql"`)
	time.Sleep(1500 * time.Millisecond)
	if got := js[string](p, editor+`.getAttribute("aria-label")`); got != "product/schema.sql" {
		t.Errorf("the editor has turned to %s", got)
	}
}

// A narrow window shows one pane, and still has the step's heading for those
// who hear the page.
func TestNarrowPanesKeepTheHeading(t *testing.T) {
	axe, err := os.ReadFile("../node_modules/axe-core/axe.min.js")
	if err != nil {
		require.Missing(t, "browser", "axe-core is not installed: "+err.Error())
	}
	s := serve(t)
	p := open(t, s.URL+stepPath, func(p *tab) { p.do(chromedp.EmulateViewport(500, 800)) })
	p.workbench()
	js[any](p, string(axe)+"; 0")
	for _, pane := range []string{"text", "editor", "panels"} {
		p.click("#tab-" + pane)
		found := js[string](p, `axe.run(document, {resultTypes: ["violations"]}).then(r => r.violations
			.map(v => v.id + ": " + v.nodes.map(n => n.html.slice(0, 200)).join("\n")).join("\n"))`)
		if found != "" {
			t.Errorf("with %s in view: %s", pane, found)
		}
	}
}

// The path of the workspace is on the page, and a button copies it.
func TestTheFolderCanBeCopied(t *testing.T) {
	s := serve(t)
	p := open(t, s.URL+stepPath)
	p.workbench()
	js[any](p, `navigator.clipboard.writeText = async (text) => { window.copied = text }`)
	p.click("#workspace-menu summary")
	p.click("#workspace-menu [data-copy]")
	p.wait("the path", `window.copied === document.querySelector(".folder").textContent`)
	p.says("#workspace-menu [data-copy]", "Copied")
	p.says("#workspace-menu [data-copy]", "Copy the path")
}

// A word that is explained shows what it means at the focus and under the
// pointer, and at a click where no scripts run.
func TestWordsAreExplained(t *testing.T) {
	s := serve(t)
	p := open(t, s.URL+stepPath)
	p.workbench()
	shows := `document.querySelector(".word-means").matches(":popover-open")`
	js[any](p, `document.querySelector("#text a").focus(); document.querySelector(".skip").focus()`)
	for range 60 {
		if js[bool](p, `document.activeElement.matches(".word")`) {
			break
		}
		p.press(kb.Tab)
	}
	p.wait("what the word means, at the focus", shows)
	p.press(kb.Escape)
	p.wait("it to be put away", "!"+shows)
	js[any](p, `document.activeElement.blur()`)
	at := js[[]float64](p, `(() => { const b = document.querySelector(".word").getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2] })()`)
	p.point(at[0], at[1])
	p.wait("what it means, under the pointer", shows)
	below := js[float64](p, `document.querySelector(".word-means").getBoundingClientRect().top - document.querySelector(".word").getBoundingClientRect().bottom`)
	if below < 0 || below > 40 {
		t.Errorf("it stands %v px below the word", below)
	}
	p.point(at[0], 5)
	p.wait("it to go with the pointer", "!"+shows)

	plain := open(t, s.URL+stepPath, withoutScripts)
	plain.do(chromedp.Click(chromedp.CSS(".word")), chromedp.WaitVisible(chromedp.CSS(".word-means")))
}

// Each key of the list leads where the list says, opens and closes nothing, and
// is the page's own also where one types.
func TestKeysLeadWhereTheListSays(t *testing.T) {
	s := serve(t)
	p := open(t, s.URL+stepPath)
	p.workbench()
	p.click(`#tree a[data-file="product/schema.sql"]`)
	p.wait("another file than the first", editor+`.getAttribute("aria-label") === "product/schema.sql"`)
	js[any](p, `document.querySelector('#tree a[data-file="product/schema.sql"]').closest("details").open = false`)
	js[any](p, `document.activeElement.blur()`)
	p.press("?")
	listed := js[string](p, `[...document.querySelectorAll(".key-list kbd")].map(k => k.textContent).join()`)
	if want := "Ctrl ⏎,Ctrl K,Ctrl S,Alt 1,Alt 2,Alt 3,Alt 4,Alt 5,Alt 6,Alt 1 2 3,Ctrl Shift C, V,Esc,Esc,?"; listed != want {
		t.Errorf("the list has %s, want %s; this test tries what %s", listed, want, want)
	}
	p.press("2", chromedp.ModifierAlt)
	if !js[bool](p, `document.querySelector("dialog").contains(document.activeElement)`) {
		t.Error("a key moves the focus behind the list")
	}
	p.press(kb.Escape)
	for _, from := range []string{"the page", "the editor"} {
		for key, where := range map[string]string{
			"1": `document.activeElement.id === "text"`,
			"2": `document.activeElement.dataset.file === "product/schema.sql"`,
			"3": `document.activeElement.matches("#panels [role=tab][aria-selected=true]")`,
			"4": `document.activeElement.closest("#panel-terminal")`,
			"5": editor + `?.matches(":focus")`,
			"6": `document.activeElement.id === "check"`,
		} {
			js[any](p, `document.activeElement.blur()`)
			if from == "the editor" {
				js[any](p, editor+".focus()")
			}
			p.press(key, chromedp.ModifierAlt)
			p.wait("Alt "+key+" from "+from, where)
			if got := js[string](p, editor+`.getAttribute("aria-label")`); got != "product/schema.sql" {
				t.Fatalf("Alt %s from %s opens %s", key, from, got)
			}
		}
	}
	js[any](p, `document.activeElement.blur()`)
	p.press("2", chromedp.ModifierAlt, chromedp.ModifierCtrl) // AltGr, by which many type @
	if !js[bool](p, `document.activeElement === document.body`) {
		t.Error("AltGr moves the focus")
	}
	js[any](p, editor+".focus()")
	p.write("-- saved by key\n")
	p.press("s", chromedp.ModifierCtrl)
	p.wait("the text to be saved", `document.querySelector("[data-saved]").dataset.state === "saved"`)
	p.press("k", chromedp.ModifierCtrl)
	p.wait("the list of what there is", `document.querySelector("dialog[open] [role=option]")`)
	p.press(kb.Escape)
	p.press(kb.Enter, chromedp.ModifierCtrl)
	p.says("#result-bar", "passed")
}
