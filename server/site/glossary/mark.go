package glossary

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
)

// Use is a place in a text where a word of the glossary is used again.
type Use struct {
	ast.BaseInline
	Word Word
	Here string // as it is written here
}

// KindUse is the kind of a Use, for renderers.
var KindUse = ast.NewNodeKind("GlossaryUse")

// Kind is part of goldmark's ast.Node.
func (u *Use) Kind() ast.NodeKind { return KindUse }

// Dump is part of goldmark's ast.Node.
func (u *Use) Dump(source []byte, level int) {
	ast.DumpHelper(u, source, level, map[string]string{"Word": u.Word.Name}, nil)
}

// Mark puts a Use in the place of the first time that the document uses each
// of the words. What is a heading, a link, code or bold already stays.
func Mark(document ast.Node, source []byte, words []Word) {
	words = slices.Clone(words)
	slices.SortStableFunc(words, func(a, b Word) int { return cmp.Compare(len(b.Name), len(a.Name)) }) // "consumer group" before "group"
	for _, w := range words {
		if !w.Quoted {
			mark(document, source, w)
		}
	}
}

func mark(document ast.Node, source []byte, w Word) {
	uses := pattern(w.Name)
	var at *ast.Text
	var from, to int
	_ = ast.Walk(document, func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		switch n := node.(type) {
		case *ast.Heading, *ast.Link, *ast.CodeSpan, *ast.Emphasis, *ast.Image, *Use:
			return ast.WalkSkipChildren, nil
		case *ast.Text:
			if found := uses.FindSubmatchIndex(n.Segment.Value(source)); entering && found != nil {
				at, from, to = n, found[2], found[3]
				return ast.WalkStop, nil
			}
		}
		return ast.WalkContinue, nil
	})
	if at != nil {
		split(at, source, w, from, to)
	}
}

// split takes the letters from, to out of the text and puts a Use there.
func split(at *ast.Text, source []byte, w Word, from, to int) {
	whole := at.Segment
	parent := at.Parent()
	before := ast.NewTextSegment(text.NewSegment(whole.Start, whole.Start+from))
	use := &Use{Word: w, Here: string(source[whole.Start+from : whole.Start+to])}
	parent.InsertBefore(parent, at, before)
	parent.InsertBefore(parent, at, use)
	at.Segment = text.NewSegment(whole.Start+to, whole.Stop)
}

// particles are what Korean puts behind a word.
const particles = "은는이가을를의에로와과도만마부까입라들으다인하"

// pattern finds the word in a text: in English in the singular and the plural,
// in Korean where a particle or nothing follows it.
func pattern(name string) *regexp.Regexp {
	if strings.ContainsFunc(name, hangul) {
		return regexp.MustCompile(`(?:^|[^\p{Hangul}])(` + regexp.QuoteMeta(name) + `)(?:$|[^\p{Hangul}]|[` + particles + `])`)
	}
	stem := regexp.QuoteMeta(cmp.Or(strings.TrimSuffix(name, "s"), name))
	return regexp.MustCompile(`(?i)(?:^|[^\w-])(` + stem + `(?:s|es)?)(?:$|[^\w-])`)
}
