package translate

import (
	"cmp"
	"slices"
	"strings"
	"sync"
)

// Table says English sentences in another language. It knows them by the formats
// they are made of, so that nobody has to tell how a sentence was made.
type Table struct {
	whole   map[string]string         // every English, as it stands in the file
	formats func() []translatedFormat // those with arguments, compiled when first used
}

// NewTable makes a table of English formats, and sentences without arguments, with
// what they are in the other language.
func NewTable(translations map[string]string) *Table {
	return &Table{translations, sync.OnceValue(func() []translatedFormat { return compile(translations) })}
}

// Translate is the sentence in the table's language, and in English where the
// table lacks it. Of formats that match, the one with the most literal text counts.
// An argument that the table has is translated too.
func (t *Table) Translate(english string) string {
	if translation, ok := t.whole[english]; ok {
		return translation
	}
	for _, f := range t.formats() {
		if arguments, ok := f.match(english); ok {
			return f.fill(arguments, t.Translate)
		}
	}
	return english
}

// translatedFormat is a format in both languages.
type translatedFormat struct {
	english, translation []piece
	matches              func(string) []string // the arguments with the whole before them
	literal              int                   // how long the English is without arguments
}

func compile(translations map[string]string) []translatedFormat {
	var all []translatedFormat
	for english, translation := range translations {
		pieces := split(english)
		if len(pieces) == 1 || Vague(english) {
			continue
		}
		f := translatedFormat{english: pieces, translation: split(translation), matches: pattern(pieces).FindStringSubmatch}
		for _, p := range pieces {
			f.literal += len(p.text)
		}
		all = append(all, f)
	}
	slices.SortFunc(all, func(a, b translatedFormat) int {
		return cmp.Or(b.literal-a.literal, slices.CompareFunc(a.english, b.english, comparePieces))
	})
	return all
}

// comparePieces orders formats of the same length, so that the same one wins
// always: one whose verbs say more comes first.
func comparePieces(a, b piece) int {
	return cmp.Or(cmp.Compare(a.text, b.text), cmp.Compare(openness(a), openness(b)), cmp.Compare(a.verb, b.verb), a.arg-b.arg)
}

func openness(p piece) int {
	if isOpen(p.verb) {
		return 1
	}
	return 0
}

// match are the arguments by their number, where the sentence is of the format.
func (f translatedFormat) match(sentence string) (arguments map[int]argument, ok bool) {
	first, last := f.english[0].text, f.english[len(f.english)-1].text
	if !strings.HasPrefix(sentence, first) || !strings.HasSuffix(sentence, last) {
		return nil, false // most are, and need no regular expression
	}
	found := f.matches(sentence)
	if found == nil {
		return nil, false
	}
	arguments = map[int]argument{}
	for i, text := range found[1:] {
		p := f.english[i]
		if before, ok := arguments[p.arg]; ok && before.text != text {
			return nil, false
		}
		arguments[p.arg] = argument{text, isOpen(p.verb)}
	}
	return arguments, true
}

// argument is what a format showed of an argument, and whether it may be words.
type argument struct {
	text string
	open bool
}

// fill puts the arguments into the translation.
func (f translatedFormat) fill(arguments map[int]argument, translate func(string) string) string {
	var b strings.Builder
	for _, p := range f.translation {
		b.WriteString(p.text)
		if a := arguments[p.arg]; a.open {
			b.WriteString(translate(a.text))
		} else {
			b.WriteString(a.text)
		}
	}
	return b.String()
}
