package site

import (
	"bytes"
	"encoding/hex"
	"html/template"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"cnalab/server/site/glossary"
	webl "cnalab/web/lab"
)

// glossary lists the words of the lab's steps up to one, in the order in
// which a learner meets them, and how many of them come before that step.
func (v *view) glossary() (all []glossary.Word, before int) {
	language := v.language
	if _, translated := v.step.Texts[language]; !translated {
		language = "en" // as the text is that uses them
	}
	known := map[string]bool{}
	for i := range v.lab.Steps[:v.step.Number] {
		if i == v.step.Number-1 {
			before = len(all)
		}
		for _, w := range v.site.texts.words(v.lab.Steps[i].In(language).Body) {
			if key := strings.ToLower(w.Name); !known[key] {
				known[key] = true
				all = append(all, w)
			}
		}
	}
	return all, before
}

// prose is the step's text, in which words of earlier steps say what they
// mean, and all words so far.
func (v *view) prose() (html string, list []webl.Word) {
	all, before := v.glossary()
	for _, w := range all {
		list = append(list, webl.Word{Name: w.Name, Means: w.Means})
	}
	return v.site.texts.step(v.step.In(v.language).Body, all[:before]), list
}

// words finds the new words of a text.
func (t *texts) words(body string) []glossary.Word {
	key := "words\x00" + body
	if kept, ok := t.rendered.Load(key); ok {
		return kept.([]glossary.Word)
	}
	found := glossary.Words(parse(body), []byte(body))
	t.rendered.Store(key, found)
	return found
}

// step renders a text in which the words are explained where they are used.
func (t *texts) step(body string, words []glossary.Word) string {
	var key strings.Builder
	for _, w := range words {
		key.WriteString(w.Name + "\x00" + w.Means + "\x00")
	}
	key.WriteString(body)
	if kept, ok := t.rendered.Load(key.String()); ok {
		return kept.(string)
	}
	document := parse(body)
	glossary.Mark(document, []byte(body), words)
	var out bytes.Buffer
	if err := markdown.Renderer().Render(&out, []byte(body), document); err != nil {
		return t.html(body)
	}
	t.rendered.Store(key.String(), out.String())
	return out.String()
}

func parse(body string) ast.Node { return markdown.Parser().Parse(text.NewReader([]byte(body))) }

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
