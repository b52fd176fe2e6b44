package browser

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"cnalab/web/lab"
)

// A command is run from its block; one in which something is to be filled in is
// typed and not entered, and several such lines are only copied.
func TestCommandsToFillInAreNotRun(t *testing.T) {
	s := serve(t)
	p := open(t, s.URL+stepPath)
	p.workbench()
	p.wait("the events", online)
	code := func(text string) string {
		return `<div class="code" data-language="sh"><pre><code>` + text + `</code></pre></div>`
	}
	s.send("swap", draws(t, lab.HintsView(lab.Hints{At: lab.At{Lab: "event-driven", Step: 3}, Total: 1, Shown: []lab.Hint{{
		Title: "Commands", HTML: code("go run .\nls") + code("curl $ORDER/YOUR-ORDER") + code("ls\ncurl $ORDER/YOUR-ORDER"),
	}}})))
	p.wait("the buttons", `document.querySelectorAll("#hints .code .copy").length >= 3`)
	js[any](p, `document.addEventListener("terminal:run", (event) => { event.stopImmediatePropagation(); window.asked = event.detail }, true)`)
	type asked struct {
		Text  string `json:"text"`
		Enter bool   `json:"enter"`
	}
	for i, want := range []asked{{"go run .\nls", true}, {"curl $ORDER/YOUR-ORDER", false}} {
		got := js[asked](p, `(() => { document.querySelectorAll("#hints .code")[`+string(rune('0'+i))+`].querySelector(".copy").click(); return window.asked })()`)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("block %d (-want +got):\n%s", i+1, diff)
		}
	}
	labels := js[[]string](p, `[...document.querySelectorAll("#hints .code")].map((b) => [...b.querySelectorAll(".copy")].map((c) => c.textContent).join(" "))`)
	if diff := cmp.Diff([]string{"Run Copy", "Fill in Copy", "Copy"}, labels); diff != "" {
		t.Errorf("what the blocks offer (-want +got):\n%s", diff)
	}
}
