package browser

import (
	"cmp"
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// presses is how often each lab is checked: PRESSES=200 for a long run.
func presses(t *testing.T) int {
	t.Helper()
	n, err := strconv.Atoi(cmp.Or(os.Getenv("PRESSES"), "5"))
	if err != nil || n < 1 {
		t.Fatalf("PRESSES is %q, want a number", os.Getenv("PRESSES"))
	}
	return n
}

// resultBars are what the result bar says on the page, and as the server draws it
// now. A page that shows another than the server for long waits for an event that
// was lost, or that something older has overtaken.
const resultBars = `fetch(location.pathname).then(r => r.text()).then(text => new DOMParser().parseFromString(text, "text/html")).then(page => [document, page].map(d =>
	d.querySelector("#result-bar").dataset.verdict + ": " + d.querySelector("#result-bar-says").textContent.replace(/\s+/g, " ").trim()))`

// However often Check is pressed, the page ends at the verdict that the server
// has, and waits for no event that came.
func TestPressesOfCheck(t *testing.T) {
	server := aProgram(t)
	server.start(t)
	for lab, file := range map[string]string{
		"domain-model": "shop/shop.go", "kafka": "", "event-driven": "order/http.go",
	} {
		t.Run(lab, func(t *testing.T) {
			p := browse(t)
			p.open(server.open)
			p.open("http://" + server.address + "/labs/" + lab + "/steps/1")
			p.alive()
			if lab != "domain-model" {
				p.wait(5*time.Minute, "the sandbox", `document.querySelector("#status")?.dataset.state === "open"`)
			}
			if file != "" {
				p.show(file)
			}
			p.pressCheck(presses(t))
		})
	}
}

// pressCheck checks that often, each time after another edit, and at each third
// time presses thrice.
func (p *page) pressCheck(times int) {
	p.Helper()
	js[any](p, `void (window.answers = 0, document.addEventListener("htmx:finally:request", () => window.answers++))`)
	var slowest, sum, late time.Duration
	for i := range times {
		p.top(fmt.Sprintf("// press %d\n", i+1))
		answers := js[int](p, "window.answers")
		began := time.Now()
		p.press(kb.Enter, chromedp.ModifierCtrl)
		if i%3 == 2 {
			p.press(kb.Enter, chromedp.ModifierCtrl)
			p.press(kb.Enter, chromedp.ModifierCtrl)
		}
		// Once a press is answered, the server says that it checks, or what it found.
		p.wait(20*time.Second, "the press to be answered", fmt.Sprintf(`window.answers > %d`, answers))
		late = max(late, p.ends(i+1))
		slowest, sum = max(slowest, time.Since(began)), sum+time.Since(began)
		if (i+1)%20 == 0 || i+1 == times {
			p.Logf("%d presses: %s each, the slowest %s, the page at most %s after the server", i+1,
				(sum / time.Duration(i+1)).Round(time.Millisecond), slowest.Round(time.Millisecond), late.Round(time.Millisecond))
		}
	}
}

// ends waits until the check has ended on the server and on the page, and returns
// how long the page took longer.
func (p *page) ends(press int) (late time.Duration) {
	p.Helper()
	limit := time.Now().Add(3 * time.Minute)
	var decided time.Time // when the server was first seen to have a verdict
	for asked := time.Now(); ; {
		if time.Since(asked) < 2*time.Second && js[bool](p, `document.querySelector("#result-bar").dataset.verdict === "checking"`) {
			time.Sleep(50 * time.Millisecond) // so that the looking holds nothing up
			continue
		}
		asked = time.Now()
		bars := js[[]string](p, resultBars)
		shown, told := bars[0], bars[1]
		switch {
		case has(told, "checking"):
			decided = time.Time{}
		case decided.IsZero():
			decided = time.Now()
		}
		switch {
		case shown == told && !decided.IsZero():
			return time.Since(decided)
		case decided.IsZero() && time.Now().After(limit):
			p.Fatalf("press %d: the server still says %q", press, told)
		case !decided.IsZero() && time.Since(decided) > 10*time.Second:
			p.Fatalf("press %d: the page stays at %q, the server has %q", press, shown, told)
		}
	}
}
