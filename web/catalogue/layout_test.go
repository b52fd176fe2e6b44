package catalogue

import (
	"fmt"
	"testing"
)

func (r rect) overlaps(o rect) bool {
	return r.x < o.right() && o.x < r.right() && r.y < o.bottom() && o.y < r.bottom()
}

func (r rect) holds(o rect) bool { return r.union(o) == r }

// crowded is a map with so many nodes in each row, a store for each service,
// and frames as the labs draw them.
func crowded(each int) []Lab {
	var piece Map
	var halves [2][]string
	for _, row := range []string{"entry", "services", "messaging", "downstream", "outside"} {
		for i := range each {
			name := fmt.Sprintf("%s with a rather long name %d", row, i)
			piece.Nodes = append(piece.Nodes, Node{Name: name, Row: row})
			if row == "services" {
				piece.Nodes = append(piece.Nodes, Node{Name: "store of " + name, Shape: "store", Under: name})
				halves[min(1, i)] = append(halves[min(1, i)], name)
			}
		}
	}
	piece.Frames = []Frame{
		{Name: "cluster", Around: []string{"entry", "services", "stores", "messaging", "downstream"}},
		{Name: "node 1", Around: halves[0]}, {Name: "node 2", Around: halves[1]},
		{Name: "container", Around: []string{"services"}, Each: true},
	}
	return []Lab{{Map: piece}}
}

func TestNothingOnTheMapOverlaps(t *testing.T) {
	for _, each := range []int{1, 2, 3, 6} {
		l := newLayout(crowded(each))
		for a, one := range l.rects {
			for b, other := range l.rects {
				_, nodeA := l.nodes[a]
				_, nodeB := l.nodes[b]
				if a < b && nodeA && nodeB && one.overlaps(other) {
					t.Errorf("of %d in a row, %s and %s overlap", each, a, b)
				}
			}
		}
		if each > 1 && l.rects["node 1"].overlaps(l.rects["node 2"]) {
			t.Errorf("with %d in a row, frames side by side overlap", each)
		}
		for _, outside := range l.inRow("outside") {
			if l.rects["cluster"].overlaps(l.rects[outside]) {
				t.Errorf("with %d in a row, %s is not outside", each, outside)
			}
		}
	}
}

func TestFramesHoldTheirNodesAndEachOther(t *testing.T) {
	l := newLayout(crowded(3))
	for name, node := range l.nodes {
		if held := l.rects["cluster"].holds(l.rects[name]); held != (node.Row != "outside") {
			t.Errorf("that the cluster holds %s is %t", name, held)
		}
	}
	if len(l.frames["container"]) != 3 {
		t.Fatalf("there are %d containers for 3 services", len(l.frames["container"]))
	}
	for _, container := range l.frames["container"] {
		if !l.rects["node 1"].holds(container) && !l.rects["node 2"].holds(container) {
			t.Errorf("no node holds the container at %+v", container)
		}
	}
	if !l.rects["cluster"].holds(l.rects["node 1"]) || !l.rects["cluster"].holds(l.rects["node 2"]) {
		t.Error("the cluster does not hold its nodes")
	}
}

func TestLinksNeedBothEnds(t *testing.T) {
	l := newLayout([]Lab{{Map: Map{Nodes: []Node{{Name: "a", Row: "services"}, {Name: "b", Row: "services"}, {Name: "lost", Under: "ghost"}}}}})
	if l.path(Link{From: "a", To: "b"}) == "" {
		t.Error("a link between two nodes is not drawn")
	}
	for _, link := range []Link{{From: "a", To: "ghost"}, {From: "ghost", To: "a"}, {From: "a", To: "lost"}} {
		if got := l.path(link); got != "" {
			t.Errorf("%+v is drawn: %s", link, got)
		}
	}
	if got, want := l.viewBox(), "-230 -8 780 60"; got != want {
		t.Errorf("the view is %s, want %s", got, want)
	}
}
