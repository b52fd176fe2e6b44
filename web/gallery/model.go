// Package gallery shows every component in every state, for people who change
// them and for tests that compare them with golden files. It knows nothing of
// real labs: all it shows is made up.
package gallery

import (
	"slices"

	"github.com/a-h/templ"

	"cnalab/web/page"
)

// Page is the gallery.
type Page struct {
	Shell page.Shell
}

// Exhibit is one component in one state.
type Exhibit struct {
	Name      string // "result-bar/not-yet": the component, then its state
	Component templ.Component
}

// Exhibits are all of them, in the order in which the page shows them.
func Exhibits() []Exhibit {
	return slices.Concat(resultBars(), verdicts(), steppers(), texts(), sandboxes(), parts(), logs(), terminals(), files(), notices(), catalogues())
}
