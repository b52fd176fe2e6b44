package browser

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"cnalab/labs"
	"cnalab/labs/load"
)

// walked names the variable with the numbers of the labs to walk through, in both
// languages. A lab takes minutes, so without it 040 is walked through, in English.
const walked = "CNALAB_WALK"

// TestWalk shows that a learner who opens the printed address, chooses a lab and
// types the solution of each step into the editor passes all of them.
func TestWalk(t *testing.T) {
	all, broken := load.All(root + "/labs")
	for _, number := range strings.Fields(cmp.Or(os.Getenv(walked), "040")) {
		lab, err := labs.Find(all, number)
		if err != nil {
			t.Fatal(err, broken)
		}
		t.Run(number, func(t *testing.T) { walk(t, lab, "en") })
		if os.Getenv(walked) != "" {
			t.Run(number+" in Korean", func(t *testing.T) { walk(t, lab, "ko") })
		}
	}
}

func walk(t *testing.T, lab *labs.Lab, language string) {
	// A server of its own: a verdict that another test left would be taken for
	// the first one here.
	server := aProgram(t)
	p := browse(t)
	server.start(t)
	p.open(server.open)
	p.wait(10*time.Second, "the address without the key", `!location.search`)
	if language != "en" {
		p.click("button[lang=" + language + "]")
		p.wait(10*time.Second, "the page in "+language, fmt.Sprintf(`document.documentElement.lang === %q`, language))
	}
	p.click(`a[href="/labs/` + lab.ID + `"]`)
	p.wait(20*time.Second, "the first step", `location.pathname === "/labs/`+lab.ID+`/steps/1"`)
	p.wait(5*time.Minute, "the sandbox", `["open", "none"].includes(document.querySelector("#status")?.dataset.state)`)

	for n := range lab.Steps {
		step := n + 1
		p.wait(20*time.Second, fmt.Sprintf("step %d", step), fmt.Sprintf(`document.querySelector("main")?.dataset.step === "%d"`, step))
		solution, err := lab.Solution(step)
		if err != nil {
			t.Fatal(err)
		}
		p.solve(solution)
		p.run(solution.Run)
		p.check()
		if step < len(lab.Steps) {
			p.click(".next-step")
		}
	}
	p.open("http://" + server.address + "/")
	p.wait(10*time.Second, "all steps on the catalogue",
		fmt.Sprintf(`document.querySelector('[data-lab="%s"].lab-item').dataset.state === "built"`, lab.Number))
}

// solve types a solution's files into the editor.
func (p *page) solve(solution labs.Overlay) {
	p.Helper()
	p.alive()
	for _, name := range slices.Sorted(maps.Keys(solution.Files)) {
		if js[bool](p, fmt.Sprintf(`!!document.querySelector('#tree a[data-file=%q]')`, name)) {
			p.show(name)
		} else {
			p.create(name)
		}
		p.replace(string(solution.Files[name]))
		p.saved()
	}
	for _, name := range solution.Removed {
		p.show(name)
		p.remove()
	}
}

// run types a solution's commands into a terminal, and goes back to the editor.
func (p *page) run(script string) {
	p.Helper()
	if script == "" {
		return
	}
	p.terminal()
	commands := strings.Join(strings.Split(strings.TrimSpace(script), "\n"), " && ")
	p.types("until " + commands + "; do sleep 2; done; echo all is'' done") // who is too early for a service that starts tries again
	p.wait(3*time.Minute, "the end of "+script, `(`+screen+`).includes("all is done")`)
	js[any](p, editor+`.focus()`)
}

// create makes a file through the dialog.
func (p *page) create(name string) {
	p.Helper()
	p.click("#tree [data-new-file]")
	p.wait(5*time.Second, "the dialog", `document.querySelector("dialog[open] input")`)
	p.write(name)
	p.press(kb.Enter)
	p.wait(10*time.Second, name+" in the editor", editor+fmt.Sprintf(`.getAttribute("aria-label") === %q`, name))
}

// remove removes the open file through the menu.
func (p *page) remove() {
	p.Helper()
	p.click("#workspace-menu summary")
	p.click("[data-reset=removal] button")
	p.wait(10*time.Second, "the offer to take it back", `document.querySelector("#notice form button")`)
}

// check asks for a check with the keyboard and waits until all is passed.
func (p *page) check() {
	p.Helper()
	p.press(kb.Enter, chromedp.ModifierCtrl)
	p.verdict("passed", 3*time.Minute)
}

// verdict waits for the end of the page's first check, and fails with what the
// page says where it is another.
func (p *page) verdict(want string, limit time.Duration) {
	p.Helper()
	p.wait(20*time.Second, "the check to begin", `document.querySelector("#result-bar").dataset.verdict !== "unchecked"`)
	p.wait(limit, "the verdict", `document.querySelector("#result-bar").dataset.verdict !== "checking"`)
	if got := js[string](p, `document.querySelector("#result-bar").dataset.verdict`); got != want {
		p.Fatalf("the verdict is %s, want %s:\n%s", got, want, js[string](p, `document.querySelector("#verdicts").textContent`))
	}
}
