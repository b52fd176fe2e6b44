package browser

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
)

// bars counts the bars that are drawn, by the ink that is in the charts' pictures.
const bars = `[...document.querySelectorAll(".chart-plot canvas")].filter(c => c.getContext("2d").getImageData(0, 0, c.width, c.height).data.some(part => part > 0)).length`

// A chart says what to do while nothing is measured, shows the numbers of a file with
// the table beside them, and is drawn anew when the file or the theme changes.
func TestChartOfWhatWasMeasured(t *testing.T) {
	server := theProgram(t)
	p := browse(t)
	p.open(server.open)
	p.open("http://" + server.address + "/labs/cqrs/steps/5")
	p.alive()
	if loaded := js[int](p, `performance.getEntriesByType("resource").filter(r => r.name.includes("chart-draw")).length`); loaded != 0 {
		t.Error("a page without a chart loads what draws it")
	}
	p.open("http://" + server.address + "/labs/cqrs/steps/6")
	p.alive()
	if !js[bool](p, `document.querySelector(".chart-empty").checkVisibility() && !document.querySelector(".chart-plots").checkVisibility() && !document.querySelector(".chart-table")`) {
		t.Error("without a file the chart does not say what to do")
	}
	p.wait(time.Minute, "the connection", `"online" in document.documentElement.dataset`)
	file := filepath.Join(server.data, "workspaces", "cqrs", "measure.csv")
	write := func(text string) {
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { _ = os.Remove(file) })
	const header = "run,reads_per_second,command_p50_ms,command_p95_ms\n"
	write(header + "alone,0,3.1,7.4\n")
	p.wait(20*time.Second, "three charts", bars+" === 3")
	p.shows(".chart-table", "3.1")
	write(header + "alone,0,3.1,7.4\nbefore,410,9.0,31.5\nafter,2050,4.2,12.0\n")
	p.wait(20*time.Second, "three rows", `document.querySelectorAll(".chart-table tbody tr").length === 3`)
	p.wait(10*time.Second, "the numbers for who sees no bars", `document.querySelector('.chart-plot [role="img"]')?.getAttribute("aria-label") === "alone: 0, before: 410, after: 2050"`)
	before := js[string](p, `document.querySelector(".chart-plot canvas").toDataURL()`)
	for _, theme := range []string{"dark", "light"} {
		command(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: theme}},
		})
		if theme == "dark" {
			p.wait(10*time.Second, "the charts in the dark", fmt.Sprintf("%s === 3 && document.querySelector('.chart-plot canvas').toDataURL() !== %q", bars, before))
		}
		p.examine("a chart, " + theme)
	}
	js[any](p, `document.querySelector(".chart-table").focus()`)
	if !js[bool](p, `document.activeElement.matches(".chart-table")`) {
		t.Error("the keyboard does not get to the table")
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	p.wait(20*time.Second, "what to do", `document.querySelector(".chart-empty").checkVisibility()`)
}
