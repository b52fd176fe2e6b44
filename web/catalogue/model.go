// Package catalogue draws the first page: all labs in one list, and the map
// of the shop that they build. It knows nothing of where labs come from.
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
	Half    string   // of the course: "build" or "run"
	Map     Map      // what it adds to the map
	Planned bool     // described, not yet written
	Steps   int      // how many it has
	Passed  int      // how many of them the learner has passed
	Here    bool     // the learner was here last
	Problem string   // one sentence where the lab cannot be shown, else empty
}

// Map is what a lab adds to the map. Names are those of nodes and frames of
// any lab.
type Map struct {
	Nodes  []Node
	Links  []Link
	Frames []Frame
}

// Node is one box, store or log.
type Node struct {
	Name  string
	Shape string // "box" or empty, "store", "log"
	Row   string // "entry", "services", "stores", "messaging", "downstream" or "outside"
	Under string // the node that it stands right below, instead of a row
}

// Link is an arrow between two.
type Link struct {
	From, To string
	Both     bool // there is an arrow back too
}

// Frame is a line around nodes.
type Frame struct {
	Name   string
	Around []string // names of nodes, or of rows for all that stand in them
	Each   bool     // each node has a frame of its own
}
