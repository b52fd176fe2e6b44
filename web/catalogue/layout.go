package catalogue

import (
	"slices"
	"unicode"
)

// Measures of the map, in the units of its view box.
const (
	nodeWidth, nodeHeight = 130, 44
	storeWidth            = 44
	columnGap             = 60
	framePadding          = 12
	labelHeight           = 22
	outsideGap            = 92
)

// rows are the rows of the map from top to bottom, with the space above each.
var rows = []struct {
	name string
	gap  int
}{{"entry", 0}, {"services", 86}, {"stores", 18}, {"messaging", 64}, {"downstream", 32}}

// layout says where everything on the map stands. What names something that
// no lab adds is left out.
type layout struct {
	nodes  map[string]Node   // by name
	order  []string          // their names, in the order of the labs
	rects  map[string]rect   // of nodes, and of frames that are one line
	frames map[string][]rect // the lines of each frame
	outer  map[string]rect   // of nodes, with the frames around them so far
}

func newLayout(labs []Lab) *layout {
	l := &layout{nodes: map[string]Node{}, rects: map[string]rect{}, frames: map[string][]rect{}, outer: map[string]rect{}}
	for _, lab := range labs {
		for _, node := range lab.Map.Nodes {
			if _, taken := l.nodes[node.Name]; !taken {
				l.nodes[node.Name] = node
				l.order = append(l.order, node.Name)
			}
		}
	}
	l.placeRows()
	for _, name := range l.order {
		l.outer[name] = l.rects[name]
	}
	l.placeFrames(labs)
	return l
}

// placeRows puts the nodes of each row side by side, centred, and those that
// stand outside beside the rows.
func (l *layout) placeRows() {
	width := 0
	for _, row := range rows {
		width = max(width, l.rowWidth(l.inRow(row.name)))
	}
	y := 0
	for _, row := range rows {
		names := l.inRow(row.name)
		if len(names) == 0 && !(row.name == "stores" && l.hasStores()) {
			continue
		}
		if len(l.rects) > 0 {
			y += row.gap
		}
		l.placeRow(names, y, width)
		y += nodeHeight
	}
	l.placeUnder()
	l.placeOutside(width+outsideGap, y)
}

func (l *layout) placeRow(names []string, y, width int) {
	x := (width - l.rowWidth(names)) / 2
	for _, name := range names {
		w := l.width(name)
		if l.nodes[name].Shape == "log" {
			x, w = 0, max(w, width)
		}
		l.rects[name] = rect{x, y, w, nodeHeight}
		x += w + columnGap
	}
}

// placeUnder puts a service's store below its right-hand side; on the left
// run the links to the rows below.
func (l *layout) placeUnder() {
	for _, name := range l.order {
		if above, ok := l.rects[l.nodes[name].Under]; ok {
			l.rects[name] = rect{above.right() - 22 - storeWidth, above.bottom() + 18, storeWidth, nodeHeight}
		}
	}
}

func (l *layout) placeOutside(x, height int) {
	names := l.inRow("outside")
	const gap = 40
	y := (height - len(names)*(nodeHeight+gap) + gap) / 2
	for _, name := range names {
		l.rects[name] = rect{x, y, l.width(name), nodeHeight}
		y += nodeHeight + gap
	}
}

func (l *layout) inRow(row string) []string {
	return slices.DeleteFunc(slices.Clone(l.order), func(name string) bool { return l.nodes[name].Row != row })
}

func (l *layout) hasStores() bool {
	return slices.ContainsFunc(l.order, func(name string) bool { return l.nodes[name].Under != "" })
}

func (l *layout) rowWidth(names []string) int {
	width := -columnGap
	for _, name := range names {
		width += l.width(name) + columnGap
	}
	return max(0, width)
}

// width is that of a node with its name in it.
func (l *layout) width(name string) int {
	width := 28
	for _, r := range name {
		if width += 9; unicode.Is(unicode.Hangul, r) {
			width += 8
		}
	}
	return max(nodeWidth, width)
}
