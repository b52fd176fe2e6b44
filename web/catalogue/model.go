// Package catalogue draws the first page: thirteen labs on one path, and the
// map of the shop that they build. It knows nothing of where labs come from.
package catalogue

import "cnalab/web/page"

// Page is the catalogue as one learner sees it.
type Page struct {
	Shell page.Shell
	Labs  []Lab // in the order of their numbers, both halves
}

// Lab is one lab of the list.
type Lab struct {
	ID      string // "event-driven"
	Number  string // "040"
	Title   string
	Summary string
	Minutes int
	Needs   []string // "kafka", "postgres", "docker", "kubernetes"
	Half    int      // 1 design and build, 2 ship and run
	Planned bool     // described, not yet written
	Steps   int      // how many it has
	Passed  int      // how many of them the learner has passed
	Here    bool     // the learner was here last
	Problem string   // one sentence where the lab cannot be shown, else empty
}
