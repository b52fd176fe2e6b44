package translate

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// directive is a place of a format where an argument goes: flags, an index, width
// and precision, an index, a verb. "% d" is none: so begins what follows 100 %.
var directive = regexp.MustCompile(`%[-+#0]*(?:\[(\d+)\])?\d*(?:\.\d+)?(?:\[(\d+)\])?([a-zA-Z%])`)

// piece is a part of a format: literal text, and the argument behind it.
type piece struct {
	text string
	arg  int  // from 1; 0 behind the last
	verb byte // of the argument
}

// split takes a format apart. The last piece has no argument.
func split(format string) []piece {
	var pieces []piece
	text, next, end := "", 1, 0
	for _, at := range directive.FindAllStringSubmatchIndex(format, -1) {
		text += format[end:at[0]]
		end = at[1]
		verb := format[at[6]]
		if verb == '%' {
			text += "%"
			continue
		}
		for _, group := range []int{2, 4} {
			if at[group] >= 0 {
				next, _ = strconv.Atoi(format[at[group]:at[group+1]])
			}
		}
		pieces = append(pieces, piece{text, next, verb})
		text = ""
		next++
	}
	return append(pieces, piece{text: text + format[end:]})
}

// arguments are the numbers of those that a format shows, each once.
func arguments(format string) []int {
	var all []int
	for _, p := range split(format) {
		if p.arg > 0 && !slices.Contains(all, p.arg) {
			all = append(all, p.arg)
		}
	}
	slices.Sort(all)
	return all
}

// Fits reports whether a translation shows each argument of the English once or
// more, and no other.
func Fits(english, translation string) bool {
	return slices.Equal(arguments(english), arguments(translation))
}

// isOpen reports whether a verb may show any text.
func isOpen(verb byte) bool { return verb == 's' || verb == 'v' }

var word = regexp.MustCompile(`\pL{2,}`)

// Vague reports whether a format has hardly any words beside arguments that may be
// any text, so that it would match what was never made of it.
func Vague(format string) bool {
	open, words := false, 0
	for _, p := range split(format) {
		open = open || isOpen(p.verb)
		words += len(word.FindAllString(p.text, 2))
	}
	return open && words < 2
}

// shown is what a verb makes of an argument, as a regular expression.
func shown(verb byte) string {
	const quoted = `"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)+'|` + "`[^`]*`"
	switch verb {
	case 'd':
		return `[ +-]*\d+|\[[-\d ]*\]`
	case 'q':
		return quoted + `|\[(?:(?:` + quoted + `) ?)*\]`
	case 't':
		return `true|false`
	case 'c':
		return `.`
	case 'x', 'X':
		return `(?:0x)?[0-9a-fA-F]+`
	case 'e', 'f', 'g':
		return `[ +-]*(?:[\d.]+(?:[eE][+-]?\d+)?|Inf|NaN)`
	}
	return `.*?`
}

// pattern matches the whole of what a format may have made, and captures the
// arguments.
func pattern(pieces []piece) *regexp.Regexp {
	var b strings.Builder
	b.WriteString(`(?s)\A`)
	for _, p := range pieces {
		b.WriteString(regexp.QuoteMeta(p.text))
		if p.arg > 0 {
			b.WriteString("(" + shown(p.verb) + ")")
		}
	}
	b.WriteString(`\z`)
	return regexp.MustCompile(b.String())
}
