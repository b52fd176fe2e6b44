package lab

import "cnalab/web/page"

// header says which lab this page belongs to, and holds its tools.
func (p Page) header() page.Header {
	kind := "lab"
	if p.Heading.Planned {
		kind = "plain"
	}
	return page.Header{
		Kind:        kind,
		Breadcrumbs: []page.Breadcrumb{{Label: p.Heading.Number + " " + p.Heading.Title}},
		Tools:       tools(p),
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
