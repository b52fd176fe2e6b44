// Package markdown renders step texts: their Markdown with the pictures,
// coloured code, links to files and explained words that it may hold. It knows
// of no lab, and of no page around a text.
package markdown

import (
	"bytes"
	"html/template"
	"strings"
	"sync"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/util"

	"cnalab/server/site/glossary"
)

// Renderer renders, and keeps what it has rendered by its source, because the
// same step is read many times and written seldom. The zero value is ready.
type Renderer struct {
	rendered sync.Map // source, with what it depends on before it → HTML, or its new words
}

// converter renders step texts. Raw HTML in them is left out: a text is for
// reading, and the page's policy would stop most of it anyway.
var converter = goldmark.New(
	goldmark.WithExtensions(extension.Table, extension.Strikethrough),
	goldmark.WithParserOptions(parser.WithAutoHeadingID()),
	goldmark.WithRendererOptions(renderer.WithNodeRenderers(util.Prioritized(ours{}, 100))),
)

// HTML renders Markdown.
func (r *Renderer) HTML(source string) string {
	if found, ok := r.rendered.Load(source); ok {
		return found.(string)
	}
	var out bytes.Buffer
	if err := converter.Convert([]byte(source), &out); err != nil {
		return "<p>" + template.HTMLEscapeString(source) + "</p>"
	}
	html := out.String()
	r.rendered.Store(source, html)
	return html
}

// File renders a file's text.
func (r *Renderer) File(name, text string) string {
	key := name + "\x00" + text
	if found, ok := r.rendered.Load(key); ok {
		return found.(string)
	}
	html := colouredFile(name, text)
	r.rendered.Store(key, html)
	return html
}

// ours renders what step texts have of their own: pictures, code, links and
// words that are explained.
type ours struct{}

// RegisterFuncs is part of goldmark's renderer.NodeRenderer.
func (ours) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(ast.KindFencedCodeBlock, fenced)
	reg.Register(ast.KindLink, link)
	reg.Register(ast.KindImage, image)
	reg.Register(glossary.KindUse, use)
}

// link writes a link. A file: link opens a file in the editor, a link to
// another site opens beside the lab, and any other scheme becomes plain text.
func link(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	target := string(node.(*ast.Link).Destination)
	outside := strings.HasPrefix(target, "https://") || strings.HasPrefix(target, "http://")
	if !outside && !strings.HasPrefix(target, "file:") && strings.Contains(target, ":") {
		return ast.WalkContinue, nil
	}
	if !entering {
		_, _ = w.WriteString("</a>")
		return ast.WalkContinue, nil
	}
	_, _ = w.WriteString(`<a href="` + template.HTMLEscapeString(target) + `"`)
	if outside {
		_, _ = w.WriteString(` target="_blank" rel="noreferrer noopener"`)
	}
	_, _ = w.WriteString(">")
	return ast.WalkContinue, nil
}

// image leaves a picture's words and nothing else: pictures are drawn in the
// text, and the page's policy forbids to load any from elsewhere.
func image(util.BufWriter, []byte, ast.Node, bool) (ast.WalkStatus, error) {
	return ast.WalkContinue, nil
}
