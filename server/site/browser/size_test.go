package browser

import (
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
)

// mostBytes is what a first visit may bring along, by language: text, scripts,
// styles, and of the fonts what its letters need.
var mostBytes = map[string]int{"en": 310_000, "ko": 670_000}

// A first visit to a lab brings little along.
func TestFirstVisitIsSmall(t *testing.T) {
	server := theProgram(t)
	for language, most := range mostBytes {
		p := browse(t)
		command(p, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: network.Headers{"Accept-Language": language}})
		p.open(server.open) // signs in, with the catalogue
		command(p, network.ClearBrowserCache, cdp.Empty{})
		p.open("http://" + server.address + "/labs/domain-model/steps/1")
		p.alive()
		p.wait(20*time.Second, "the fonts", `document.fonts.status === "loaded"`)
		sent := js[int](p, `performance.getEntriesByType("navigation").concat(performance.getEntriesByType("resource")).reduce((sum, e) => sum + e.transferSize, 0)`)
		t.Logf("%s: %d bytes", language, sent)
		if sent > most || sent < 10_000 {
			t.Errorf("in %s a first visit brings %d bytes, wanted %d at most", language, sent, most)
		}
	}
}
