package markdown

import (
	"bytes"
	"encoding/hex"
	"html/template"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"cnalab/server/site/glossary"
)

// Words finds the new words of a text.
func (r *Renderer) Words(body string) []glossary.Word {
	key := "words\x00" + body
	if known, ok := r.rendered.Load(key); ok {
		return known.([]glossary.Word)
	}
	found := glossary.Words(parse(body), []byte(body))
	r.rendered.Store(key, found)
	return found
}

// Step renders a text in which the words are explained where they are used, and
// the answers of questions open by a line that says answer.
func (r *Renderer) Step(body string, words []glossary.Word, answer string) string {
	var key strings.Builder
	key.WriteString(answer + "\x00")
	for _, w := range words {
		key.WriteString(w.Name + "\x00" + w.Means + "\x00" + w.Link + "\x00")
	}
	key.WriteString(body)
	if known, ok := r.rendered.Load(key.String()); ok {
		return known.(string)
	}
	document := parse(body)
	document.OwnerDocument().AddMeta(answerLabel, answer)
	glossary.Mark(document, []byte(body), words)
	var out bytes.Buffer
	if err := converter.Renderer().Render(&out, []byte(body), document); err != nil {
		return r.HTML(body)
	}
	r.rendered.Store(key.String(), out.String())
	return out.String()
}

func parse(body string) ast.Node { return converter.Parser().Parse(text.NewReader([]byte(body))) }

// use writes a word with a button that shows what it means; without scripts
// too, because the browser itself opens a popover.
func use(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	u := node.(*glossary.Use)
	id := "word-" + hex.EncodeToString([]byte(u.Word.Name))
	_, _ = w.WriteString(`<button type="button" class="word" popovertarget="` + id + `">` + template.HTMLEscapeString(u.Here) + `</button>` +
		`<span id="` + id + `" class="word-means" popover>` + template.HTMLEscapeString(u.Word.Means) + `</span>`)
	return ast.WalkContinue, nil
}
