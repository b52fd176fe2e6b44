package browser

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"cnalab/labs/load"
	"cnalab/server/site/markdown"
)

var picture = regexp.MustCompile(`(?s)<figure class="picture">.*?</figure>`)

// Every shape of every picture of every step has a colour of the theme: none is
// the black that a browser gives to what nobody has coloured, and none is unseen.
func TestPicturesFollowTheTheme(t *testing.T) {
	all, broken := load.All(root + "/labs")
	if broken != nil {
		t.Fatal(broken)
	}
	var texts markdown.Renderer
	var pictures strings.Builder
	for _, lab := range all {
		for _, step := range lab.Steps {
			for language, text := range step.Texts {
				for i, found := range picture.FindAllString(texts.HTML(text.Body), -1) {
					fmt.Fprintf(&pictures, `<div class="prose" data-of="%s/%d %s, picture %d">%s</div>`, lab.ID, step.Number, language, i+1, found)
				}
			}
		}
	}
	// One that says nothing of its colours, as an author may draw it.
	pictures.WriteString(`<div class="prose" data-of="bare"><svg viewBox="0 0 9 9"><rect width="9" height="9"></rect><text>a</text></svg></div>`)
	p := browse(t)
	server := theProgram(t)
	p.open(server.open)
	js[any](p, fmt.Sprintf(`void (document.querySelector("main").innerHTML = %q)`, pictures.String()))
	if n := js[int](p, `document.querySelectorAll(".prose svg").length`); n < 40 {
		t.Fatalf("there are %d pictures", n)
	}
	for _, theme := range []string{"light", "dark"} {
		js[any](p, fmt.Sprintf(`document.documentElement.dataset.theme = %q`, theme))
		for _, fault := range js[[]string](p, `[...document.querySelectorAll(".prose svg :is(path, rect, circle, ellipse, line, polyline, polygon, text, tspan)")].flatMap((shape) => {
			const { fill, stroke } = getComputedStyle(shape);
			const fault = [fill, stroke].includes("rgb(0, 0, 0)") ? "black" : fill === "none" && stroke === "none" ? "unseen" : "";
			return fault ? [shape.closest("[data-of]").dataset.of + ": " + fault + ": " + shape.outerHTML.slice(0, 120)] : [];
		})`) {
			t.Errorf("%s: %s", theme, fault)
		}
	}
}
