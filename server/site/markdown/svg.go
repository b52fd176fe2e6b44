package markdown

import (
	"encoding/xml"
	"errors"
	"fmt"
	"html/template"
	"io"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"
)

// fenced draws a ```svg block as a picture, a ```question block as a question and
// a ```chart block as a chart, leaves a place for a tool where there is a ```jwt
// block, and hands every other block to the highlighter.
func fenced(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	block := node.(*ast.FencedCodeBlock)
	if !entering {
		return ast.WalkContinue, nil
	}
	switch string(block.Language(source)) {
	case "svg":
		return picture(w, string(block.Lines().Value(source)))
	case "jwt": // a script puts there what takes a token apart
		_, _ = w.WriteString("<div class=\"jwt\" data-jwt></div>\n")
		return ast.WalkContinue, nil
	case "question":
		if err := ask(w, string(block.Lines().Value(source)), labelOf(node)); err != nil {
			note(w, "This question cannot be asked: "+err.Error())
		}
		return ast.WalkContinue, nil
	case "chart":
		if err := draw(w, string(block.Lines().Value(source))); err != nil {
			note(w, "This chart cannot be drawn: "+err.Error())
		}
		return ast.WalkContinue, nil
	}
	return code(w, source, block)
}

// note stands in the place of what cannot be drawn; authors see it.
func note(w util.BufWriter, says string) {
	_, _ = fmt.Fprintf(w, "<p class=\"note\">%s</p>\n", template.HTMLEscapeString(says))
}

func picture(w util.BufWriter, text string) (ast.WalkStatus, error) {
	picture, err := cleanSVG(text)
	if err != nil {
		note(w, "This picture cannot be drawn: "+err.Error())
		return ast.WalkContinue, nil
	}
	_, _ = fmt.Fprintf(w, "<figure class=\"picture\">%s</figure>\n", picture)
	return ast.WalkContinue, nil
}

// The elements and attributes that a picture in a step text may have. None of
// them loads, runs or leaves anything.
var (
	svgElements = set("svg", "g", "defs", "marker", "title", "desc", "path", "rect", "circle", "ellipse",
		"line", "polyline", "polygon", "text", "tspan")
	svgAttributes = set("viewBox", "width", "height", "role", "aria-label", "aria-hidden", "class", "id", "transform",
		"d", "x", "y", "x1", "y1", "x2", "y2", "dx", "dy", "cx", "cy", "r", "rx", "ry", "points",
		"fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "opacity",
		"text-anchor", "dominant-baseline", "font-size", "font-weight",
		"marker-start", "marker-mid", "marker-end", "markerWidth", "markerHeight", "markerUnits",
		"refX", "refY", "orient", "preserveAspectRatio", "lang")
)

func set(words ...string) map[string]bool {
	all := map[string]bool{}
	for _, w := range words {
		all[w] = true
	}
	return all
}

// cleanSVG writes a picture again with nothing in it but what is allowed.
func cleanSVG(text string) (string, error) {
	in := xml.NewDecoder(strings.NewReader(text))
	var out strings.Builder
	depth, skipping := 0, 0
	for {
		token, err := in.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return "", errors.New("it is not well-formed")
		}
		switch t := token.(type) {
		case xml.StartElement:
			depth++
			switch {
			case depth == 1 && t.Name.Local != "svg":
				return "", errors.New("it does not start with <svg>")
			case skipping > 0 || !svgElements[t.Name.Local] || !plainSVG(t.Name.Space):
				skipping++
			default:
				writeStart(&out, t)
			}
		case xml.EndElement:
			depth--
			if skipping > 0 {
				skipping--
			} else {
				out.WriteString("</" + t.Name.Local + ">")
			}
		case xml.CharData:
			if skipping == 0 && depth > 0 {
				template.HTMLEscape(&out, t)
			}
		}
	}
	if out.Len() == 0 {
		return "", errors.New("it is not well-formed")
	}
	return out.String(), nil
}

// plainSVG reports whether an element is SVG's, named with or without its namespace.
func plainSVG(namespace string) bool {
	return namespace == "" || namespace == "http://www.w3.org/2000/svg"
}

func writeStart(out *strings.Builder, t xml.StartElement) {
	out.WriteString("<" + t.Name.Local)
	for _, a := range t.Attr {
		if a.Name.Space == "" && svgAttributes[a.Name.Local] && harmless(a.Value) {
			fmt.Fprintf(out, ` %s="%s"`, a.Name.Local, template.HTMLEscapeString(a.Value))
		}
	}
	out.WriteString(">")
}

// harmless lets url() point at nothing but the picture's own parts, nor be
// written in a way that hides it.
func harmless(value string) bool {
	v := strings.ToLower(value)
	return strings.Count(v, "url(") == strings.Count(v, "url(#") && !strings.Contains(v, `\\`)
}
