package browser

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"

	"cnalab/fixtures/require"
)

// finding is what axe says of a page.
type finding struct {
	ID     string `json:"id"`
	Impact string `json:"impact"`
	Help   string `json:"help"`
	Nodes  []struct {
		HTML           string `json:"html"`
		FailureSummary string `json:"failureSummary"`
	} `json:"nodes"`
}

// axe finds nothing serious on any page, light, dark, wide, narrow or in Korean.
func TestAxe(t *testing.T) {
	p := browse(t)
	server := theProgram(t)
	p.open(server.open)
	for _, theme := range []string{"light", "dark"} {
		command(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: theme}},
		})
		for name, path := range map[string]string{
			"catalogue": "/", "gallery": "/gallery", "lab": "/labs/event-driven/steps/1", "planned": "/labs/shop-on-kubernetes", "mutants": "/labs/event-driven/mutants", "nothing": "/nothing",
		} {
			for _, width := range []int64{1280, 500} {
				at := fmt.Sprintf("%s, %s, %d wide", name, theme, width)
				p.size(width, 800)
				p.open("http://" + server.address + path)
				if name == "lab" {
					p.alive()
				}
				p.examine(at)
			}
		}
	}
}

func (p *page) size(width, height int64) {
	p.Helper()
	command(p, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: width, Height: height, DeviceScaleFactor: 1,
	})
}

// examine has axe look at the page as it is now.
func (p *page) examine(at string) {
	p.Helper()
	axe, err := os.ReadFile(filepath.Join(root, "web/assets/node_modules/axe-core/axe.min.js"))
	if err != nil {
		require.Missing(p, "browser", "axe-core is not installed; `go tool task pages` installs it")
	}
	js[any](p, string(axe)+"; null")
	found := js[[]finding](p, `axe.run(document, {resultTypes: ["violations"]}).then(r => r.violations.map(v => (
		{id: v.id, impact: v.impact, help: v.help, nodes: v.nodes.slice(0, 3).map(n => ({html: n.html.slice(0, 300), failureSummary: n.failureSummary}))})))`)
	for _, f := range found {
		if f.Impact != "serious" && f.Impact != "critical" {
			p.Logf("%s: minor: %s", at, f.Help)
			continue
		}
		var nodes []string
		for _, n := range f.Nodes {
			nodes = append(nodes, n.HTML+"\n\t"+n.FailureSummary)
		}
		p.Errorf("%s: %s (%s, %s)\n\t%s", at, f.Help, f.ID, f.Impact, strings.Join(nodes, "\n\t"))
	}
}

// Nothing is cut off or covered where the window is narrow or the text large.
func TestNothingScrollsSideways(t *testing.T) {
	p := browse(t)
	server := theProgram(t)
	p.open(server.open)
	for _, width := range []int64{1280, 640, 360} {
		p.size(width, 800)
		for _, path := range []string{"/", "/labs/event-driven/steps/1"} {
			p.open("http://" + server.address + path)
			p.wait(10*time.Second, "the page", `document.readyState === "complete"`)
			if over := js[int](p, `document.documentElement.scrollWidth - innerWidth`); over > 1 {
				t.Errorf("%s is %d px too wide for %d px", path, over, width)
			}
		}
	}
}
