package page

import (
	"context"
	"embed"
	"fmt"
	"io"
	"strings"

	"github.com/a-h/templ"
)

// pictures hold what is inside each <svg>, on a 24 by 24 grid: those of lucide
// (ISC licence, from the npm package lucide-static) and the four icons of a
// verdict, which are ours.
//
//go:embed svg/*.svg
var pictures embed.FS

// Icon returns the picture of that name, hidden from screen readers: it says
// nothing by itself, and the caller puts a word beside it. An unknown name draws nothing but makes Render fail, so that a test sees it.
func Icon(name string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		inside, err := pictures.ReadFile("svg/" + name + ".svg")
		if err != nil {
			return fmt.Errorf("draw icon %q: %w", name, err)
		}
		return drawIcon(w, name, strings.TrimSpace(string(inside)))
	})
}

// Ring returns a ring that is filled by done of all.
func Ring(done, all int) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		full := 100
		if all > 0 {
			full = 100 * done / all
		}
		return drawIcon(w, "ring", fmt.Sprintf(`<circle class="ring-way" cx="12" cy="12" r="9.5" stroke-width="3"/>`+
			`<circle class="ring-done" cx="12" cy="12" r="9.5" stroke-width="3" pathLength="100" stroke-dasharray="%d 100" transform="rotate(-90 12 12)"/>`, full))
	})
}

func drawIcon(w io.Writer, name, inside string) error {
	_, err := fmt.Fprintf(w, `<svg class="icon icon-%s" viewBox="0 0 24 24" width="16" height="16" fill="none" stroke="currentColor" `+
		`stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">%s</svg>`, name, inside)
	return err
}
