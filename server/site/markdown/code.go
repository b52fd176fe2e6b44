package markdown

import (
	"html/template"
	"path"
	"strings"

	"github.com/alecthomas/chroma/v2"
	chromahtml "github.com/alecthomas/chroma/v2/formatters/html"
	"github.com/alecthomas/chroma/v2/lexers"
	"github.com/alecthomas/chroma/v2/styles"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"
)

// Colours come from the style sheet by class; the policy forbids others.
var formatter = chromahtml.New(chromahtml.WithClasses(true), chromahtml.WithPreWrapper(focusable{}))

// focusable makes a block that can be scrolled one that the keyboard gets to.
type focusable struct{}

const blockStart, blockEnd = `<pre class="chroma" tabindex="0"><code>`, `</code></pre>`

// Start is part of chroma's html.PreWrapper.
func (focusable) Start(bool, string) string { return blockStart }

// End is part of chroma's html.PreWrapper.
func (focusable) End(bool) string { return blockEnd }

// code writes a code block that says its language, for the style sheet and
// for the island that adds a copy button.
func code(w util.BufWriter, source []byte, block *ast.FencedCodeBlock) (ast.WalkStatus, error) {
	language := string(block.Language(source))
	_, _ = w.WriteString(`<div class="code" data-language="` + template.HTMLEscapeString(language) + `">`)
	_, _ = w.WriteString(coloured(lexers.Get(language), string(block.Lines().Value(source))))
	_, _ = w.WriteString("</div>\n")
	return ast.WalkContinue, nil
}

// colouredFile is a file's text with classes by its name's language.
func colouredFile(name, text string) string { return coloured(lexers.Match(path.Base(name)), text) }

func coloured(lexer chroma.Lexer, text string) string {
	plain := blockStart + template.HTMLEscapeString(text) + blockEnd
	if lexer == nil {
		return plain
	}
	tokens, err := chroma.Coalesce(lexer).Tokenise(nil, text)
	if err != nil {
		return plain
	}
	var out strings.Builder
	if err := formatter.Format(&out, styles.Fallback, tokens); err != nil {
		return plain
	}
	return out.String()
}
