package catalogue

import (
	"cmp"
	"fmt"
	"slices"
)

// placeFrames puts the frames around their nodes: those around each one first,
// then those around few, so that the others run around them.
func (l *layout) placeFrames(labs []Lab) {
	var all []Frame
	for _, lab := range labs {
		all = append(all, lab.Map.Frames...)
	}
	size := func(frame Frame) int {
		if frame.Each {
			return 1
		}
		return 1 + len(l.members(frame))
	}
	slices.SortStableFunc(all, func(a, b Frame) int { return cmp.Compare(size(a), size(b)) })
	for _, frame := range all {
		if members := l.members(frame); len(members) > 0 && frame.Each {
			l.frameEach(frame.Name, members)
		} else if len(members) > 0 {
			l.frameAll(frame.Name, members)
		}
	}
}

// members are the nodes that a frame is around, with what stands under them.
func (l *layout) members(frame Frame) []string {
	within := func(name string) bool {
		return slices.Contains(frame.Around, name) || slices.Contains(frame.Around, l.nodes[name].Row)
	}
	return slices.DeleteFunc(slices.Clone(l.order), func(name string) bool {
		_, placed := l.rects[name]
		return !placed || !within(name) && !within(l.nodes[name].Under)
	})
}

func (l *layout) frameAll(name string, members []string) {
	around := l.around(members).padded(framePadding, framePadding+labelHeight)
	l.rects[name], l.frames[name] = around, []rect{around}
	for _, member := range members {
		l.outer[member] = around
	}
}

// frameEach gives all the same height, however much is in each.
func (l *layout) frameEach(name string, members []string) {
	whole := l.around(members)
	for _, member := range members {
		if l.nodes[member].Under != "" {
			continue
		}
		own := slices.DeleteFunc(slices.Clone(members), func(other string) bool {
			return other != member && l.nodes[other].Under != member
		})
		around := l.around(own)
		around.y, around.h = whole.y, whole.h
		around = around.padded(framePadding, framePadding)
		l.frames[name] = append(l.frames[name], around)
		for _, other := range own {
			l.outer[other] = around
		}
	}
}

func (l *layout) around(members []string) rect {
	around := l.outer[members[0]]
	for _, member := range members[1:] {
		around = around.union(l.outer[member])
	}
	return around
}

// viewBox holds everything; it is never so narrow that a few boxes are drawn
// large.
func (l *layout) viewBox() string {
	const narrowest, margin = 780, 8
	view := rect{}
	for i, r := range l.all() {
		if i == 0 {
			view = r
		}
		view = view.union(r)
	}
	view = view.padded(margin, margin)
	side := max(0, narrowest-view.w) / 2
	return fmt.Sprintf("%d %d %d %d", view.x-side, view.y, view.w+2*side, view.h)
}

func (l *layout) all() (all []rect) {
	for _, r := range l.rects {
		all = append(all, r)
	}
	for _, lines := range l.frames {
		all = append(all, lines...)
	}
	return all
}
