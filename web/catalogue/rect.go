package catalogue

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/a-h/templ"
)

// rect is a place on the map.
type rect struct{ x, y, w, h int }

func (r rect) right() int   { return r.x + r.w }
func (r rect) bottom() int  { return r.y + r.h }
func (r rect) centerX() int { return r.x + r.w/2 }
func (r rect) centerY() int { return r.y + r.h/2 }

// union is the smallest rect that holds both.
func (r rect) union(o rect) rect {
	x, y := min(r.x, o.x), min(r.y, o.y)
	return rect{x, y, max(r.right(), o.right()) - x, max(r.bottom(), o.bottom()) - y}
}

// padded is the rect with that much more on each side, and on top.
func (r rect) padded(side, top int) rect {
	return rect{r.x - side, r.y - top, r.w + 2*side, r.h + side + top}
}

func (r rect) attributes() templ.Attributes {
	return templ.Attributes{"x": strconv.Itoa(r.x), "y": strconv.Itoa(r.y), "width": strconv.Itoa(r.w), "height": strconv.Itoa(r.h)}
}

// point is where a text stands.
func point(x, y int) templ.Attributes {
	return templ.Attributes{"x": strconv.Itoa(x), "y": strconv.Itoa(y)}
}

// cylinder draws the rect as a store.
func (r rect) cylinder() string {
	side := r.h - 12
	return fmt.Sprintf("M%d %dv%dc0 8 %d 8 %d 0v-%dc0 8-%d 8-%d 0c0-8 %d-8 %d 0", r.x, r.y+6, side, r.w, r.w, side, r.w, r.w, r.w, r.w)
}

// cells draws the lines between the records of a log, after its name.
func (r rect) cells(name int) string {
	var b strings.Builder
	for x := r.x + cellWidth(name); x < r.right(); x += cellWidth(0) {
		fmt.Fprintf(&b, "M%d %dv%d", x, r.y, r.h)
	}
	return b.String()
}

// cellWidth is that of a record with so many letters in it.
func cellWidth(letters int) int { return max(60, 9*letters+28) }
