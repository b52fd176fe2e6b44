package catalogue

import (
	"fmt"
	"math"
	"strings"
)

// path draws a link with its heads; empty where an end is not on the map.
func (l *layout) path(link Link) string {
	from, known := l.rects[link.From]
	to, alsoKnown := l.rects[link.To]
	if !known || !alsoKnown {
		return ""
	}
	if beside(from, to) {
		return arrow(sideways(from, to), link.Both)
	}
	x, straight := l.column(link)
	if !straight {
		lean := (to.centerX() - from.centerX()) / 6
		return arrow(upright(from, to, from.centerX()+lean, to.centerX()-lean/2), link.Both)
	}
	if !link.Both {
		return arrow(upright(from, to, x, x), false)
	}
	return arrow(upright(from, to, x, x), false) + arrow(upright(to, from, x+18, x+18), false)
}

// column is where a link runs straight down: to a store over its middle, and
// to a log, which is as wide as all, below the left-hand side of a service.
func (l *layout) column(link Link) (x int, straight bool) {
	from, to := l.nodes[link.From], l.nodes[link.To]
	switch {
	case from.Under == to.Name && from.Under != "":
		return l.rects[from.Name].centerX(), true
	case to.Under == from.Name && to.Under != "":
		return l.rects[to.Name].centerX(), true
	case to.Shape == "log":
		return l.overLog(from.Name, to.Name), true
	case from.Shape == "log":
		return l.overLog(to.Name, from.Name), true
	}
	return 0, false
}

func (l *layout) overLog(name, log string) int {
	if l.rects[name].y < l.rects[log].y {
		return l.rects[name].x + 28
	}
	return l.rects[name].centerX()
}

// line is a straight line from one point to another.
type line struct{ x1, y1, x2, y2 int }

func beside(a, b rect) bool { return a.y < b.bottom() && b.y < a.bottom() }

// sideways runs at the height of the lower of the two.
func sideways(from, to rect) line {
	y := to.centerY()
	if from.h < to.h {
		y = from.centerY()
	}
	if from.x < to.x {
		return line{from.right(), y, to.x, y}
	}
	return line{from.x, y, to.right(), y}
}

func upright(from, to rect, x1, x2 int) line {
	if from.y < to.y {
		return line{x1, from.bottom(), x2, to.y}
	}
	return line{x1, from.y, x2, to.bottom()}
}

// arrow draws a line that ends in a head a little before its target, and
// where it leads both ways begins with one too.
func arrow(l line, both bool) string {
	const gap, size, spread = 5, 8, 0.6
	angle := math.Atan2(float64(l.y2-l.y1), float64(l.x2-l.x1))
	at := func(x, y int, distance, turn float64) (float64, float64) {
		return float64(x) - distance*math.Cos(angle+turn), float64(y) - distance*math.Sin(angle+turn)
	}
	var b strings.Builder
	head := func(x, y int, direction float64) {
		tipX, tipY := at(x, y, gap*direction, 0)
		for _, turn := range []float64{-spread, spread} {
			backX, backY := at(0, 0, size*direction, turn)
			fmt.Fprintf(&b, "M%.1f %.1fL%.1f %.1f", tipX+backX, tipY+backY, tipX, tipY)
		}
	}
	startGap := 0.0
	if both {
		startGap = -gap
		head(l.x1, l.y1, -1)
	}
	x1, y1 := at(l.x1, l.y1, startGap, 0)
	x2, y2 := at(l.x2, l.y2, gap, 0)
	fmt.Fprintf(&b, "M%.1f %.1fL%.1f %.1f", x1, y1, x2, y2)
	head(l.x2, l.y2, 1)
	return b.String()
}
