package browser

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Two tabs that change one file do not overwrite each other in silence.
func TestTwoTabs(t *testing.T) {
	const file = "delivery/main.go"
	first := browse(t)
	server := theProgram(t)
	first.open(server.open)
	first.open("http://" + server.address + "/labs/event-driven/steps/1")
	first.show(file)
	second := first.another()
	second.open("http://" + server.address + "/labs/event-driven/steps/1")
	second.show(file)

	first.top("// from the first\n")
	first.saved()
	second.wait(10*time.Second, "the first tab's text in the second", editor+`.textContent.includes("// from the first")`)

	second.offline(true)
	first.top("// once more from the first\n")
	first.saved()
	second.top("// from the second\n")
	second.offline(false)
	second.wait(30*time.Second, "the question", `!document.querySelector("#conflict").hidden`)
	if got := server.file(t, "event-driven", file); !has(got, "// once more from the first") || has(got, "// from the second") {
		t.Errorf("the file was overwritten:\n%.100s", got)
	}
	if !js[bool](second, editor+`.textContent.includes("// from the second")`) {
		t.Error("the second tab lost what was typed in it")
	}
	js[any](second, `[...document.querySelectorAll("#conflict button")].find(b => b.textContent === "Keep mine").click()`)
	second.wait(10*time.Second, "the question to go", `document.querySelector("#conflict").hidden`)
	second.saved()
	if got := server.file(t, "event-driven", file); !has(got, "// from the second") {
		t.Errorf("the choice was not saved:\n%.100s", got)
	}
	first.wait(10*time.Second, "the second tab's text in the first", editor+`.textContent.includes("// from the second")`)
}

// top types a line at the top of the open file.
func (p *page) top(line string) {
	p.Helper()
	js[any](p, editor+".focus()")
	p.press(kb.Home, chromedp.ModifierCtrl)
	p.write(line)
}

func (p *page) offline(is bool) {
	p.Helper()
	command(p, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
		MatchedNetworkConditions: []*network.Conditions{{URLPattern: "", Offline: is, DownloadThroughput: -1, UploadThroughput: -1}},
	})
}

// A server that goes and comes back takes nothing that was typed.
func TestServerGone(t *testing.T) {
	server := aProgram(t)
	p := browse(t)
	server.start(t)
	p.open(server.open)
	p.open("http://" + server.address + "/labs/event-driven/steps/1")
	p.show("order/http.go")
	server.end()
	p.top("// typed while away\n")
	p.wait(20*time.Second, "the page to say so", `!document.querySelector("#offline").hidden`)
	p.top("// and more\n")
	server.start(t)
	p.wait(60*time.Second, "the page to be back", `document.querySelector("#offline").hidden`)
	p.saved()
	got, err := os.ReadFile(filepath.Join(server.data, "workspaces/event-driven/order/http.go"))
	if err != nil || !has(string(got), "// and more\n// typed while away\n") {
		t.Errorf("the file starts with %.60q, %v", got, err)
	}
}
