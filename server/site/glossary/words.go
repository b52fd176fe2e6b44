// Package glossary finds the new words of step texts. A text sets a new word
// in bold in the sentence that says what it means; that sentence is what the
// glossary keeps, for the texts that use the word later. The package knows
// nothing of labs and pages, and of languages only how their sentences end.
package glossary

import (
	"strings"

	"github.com/yuin/goldmark/ast"
)

// Word is a new word with what it means.
type Word struct {
	Name  string
	Means string // the sentence it was set bold in, as plain text
	Link  string // its documentation's address, where the bold word is a link; else empty
	// Quoted is set for a word of somebody who is quoted. It means what
	// everybody means by it, so that later texts need not explain it.
	Quoted bool
}

// Words are the new words of a text, in their order. What is bold in a
// numbered list, a table or a heading is no new word but something to do or
// to see.
func Words(text ast.Node, source []byte) (found []Word) {
	_ = ast.Walk(text, func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		list, _ := node.(*ast.List)
		switch {
		case !entering:
		case list != nil && list.IsOrdered():
			return ast.WalkSkipChildren, nil
		case node.Kind() == ast.KindParagraph, node.Kind() == ast.KindTextBlock:
			words := wordsOf(node, source)
			for i := range words {
				words[i].Quoted = node.Parent().Kind() == ast.KindBlockquote
			}
			found = append(found, words...)
			return ast.WalkSkipChildren, nil
		}
		return ast.WalkContinue, nil
	})
	return found
}

// wordsOf finds the bold words of a paragraph and the sentences they are in.
func wordsOf(paragraph ast.Node, source []byte) (found []Word) {
	var plain strings.Builder
	var spans [][2]int
	var links []string
	var open []int // bold inside bold, too
	_ = ast.Walk(paragraph, func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		switch n := node.(type) {
		case *ast.Emphasis:
			if n.Level == 2 && entering {
				open = append(open, len(spans))
				spans = append(spans, [2]int{plain.Len(), plain.Len()})
				links = append(links, linkAround(n))
			} else if n.Level == 2 {
				last := len(open) - 1
				spans[open[last]][1], open = plain.Len(), open[:last]
			}
		case *ast.Text:
			if entering {
				plain.Write(n.Value(source))
			}
			if entering && (n.SoftLineBreak() || n.HardLineBreak()) {
				plain.WriteByte(' ')
			}
		}
		return ast.WalkContinue, nil
	})
	all := plain.String()
	for i, p := range spans {
		if p[0] == p[1] {
			continue // an address, for one, is no word
		}
		found = append(found, Word{Name: all[p[0]:p[1]], Means: meaning(all, p[0], p[1]), Link: links[i]})
	}
	return found
}

// linkAround is where the link leads that has a bold word in it; empty where it
// leads nowhere outside the lab.
func linkAround(bold ast.Node) string {
	link, ok := bold.Parent().(*ast.Link)
	if !ok || !strings.HasPrefix(string(link.Destination), "https://") {
		return ""
	}
	return string(link.Destination)
}
