package lab

import (
	"context"

	"cnalab/web/page"
	"cnalab/web/words"
)

// header says which lab this page belongs to, and holds its tools.
func (p Page) header(ctx context.Context) page.Header {
	kind, skips := "lab", skips(ctx)
	if p.Heading.Planned {
		kind, skips = "plain", nil
	}
	return page.Header{
		Kind:        kind,
		Skips:       skips,
		Breadcrumbs: []page.Breadcrumb{{Label: p.Heading.Number + " " + p.Heading.Title}},
		Tools:       tools(p),
	}
}

// skips lead past what is before each pane.
func skips(ctx context.Context) []page.Skip {
	w := words.In(ctx)
	return []page.Skip{
		{URL: "#text", Pane: "text", Label: w.Page.Skip}, {URL: "#editor", Pane: "editor", Label: w.Lab.SkipEditor},
		{URL: "#panels", Pane: "panels", Label: w.Lab.SkipPanels}, {URL: "#check", Pane: "check", Label: w.Lab.SkipCheck},
	}
}

// firstPanel is the panel that a page begins with: what the last check found, or
// the log, where a sandbox that is on its way up tells how far it is.
func firstPanel(s Sandbox, resultBar ResultBar) string {
	if resultBar.Verdict == Unchecked || s.State == Opening || s.State == Failed {
		return "panel-log"
	}
	return "panel-checks"
}

// tabIndex lets only the selected tab be reached by the Tab key; arrow keys
// reach the others.
func tabIndex(selected bool) string {
	if selected {
		return "0"
	}
	return "-1"
}
