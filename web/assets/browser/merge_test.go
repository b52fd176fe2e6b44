package browser

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// paneInFocus is what the paneInFocus element of the merge dialog is called.
const paneInFocus = `(document.querySelector(".merge")?.shadowRoot.activeElement ?? document.activeElement).ariaLabel`

// The two texts of the merge dialog can be reached, and one's own changed, with
// nothing but the keyboard, which begins there and ends in the editor.
func TestBothTextsTakeTheFocus(t *testing.T) {
	s := serve(t)
	p := open(t, s.URL+stepPath)
	p.workbench()
	s.mu.Lock()
	s.files[consumer] = "package theirs\n"
	s.mu.Unlock()
	p.write("// mine\n")
	p.says("#conflict", "Somebody else")
	js[any](p, `document.querySelector("#conflict button:nth-child(1)").focus()`)
	p.press(kb.Enter)
	p.wait("the focus on one's own text", paneInFocus+` === "Yours"`)
	p.press(kb.Home, chromedp.ModifierCtrl)
	command(p, input.InsertText, input.InsertTextParams{Text: "// typed in the dialog\n"})
	for _, name := range []string{"Take this from theirs", "Theirs"} {
		p.press(kb.Tab, chromedp.ModifierShift)
		if got := js[string](p, paneInFocus); got != name {
			t.Errorf("before one's own text the keyboard comes to %q, want %q", got, name)
		}
	}
	for range 3 {
		p.press(kb.Tab)
	}
	if got := js[string](p, `document.activeElement.textContent`); got != "Cancel" {
		t.Errorf("after one's own text the keyboard comes to %q", got)
	}
	p.press(kb.Tab)
	p.press(kb.Enter)
	p.wait("the question to go", `document.getElementById("conflict").hidden`)
	p.wait("the focus in the editor", `document.activeElement.matches("[data-editor]")`)
	p.wait("the text to be saved", `document.querySelector("[data-saved]").dataset.state === "saved"`)
	if got := s.read(consumer); !strings.HasPrefix(got, "// typed in the dialog\n") {
		t.Errorf("the server has %q", got)
	}
}
