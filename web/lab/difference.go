package lab

import (
	"regexp"
	"strings"

	"github.com/a-h/templ"
	"github.com/pmezard/go-difflib/difflib"
)

// piece is a part of what a check got, or wanted. It differs where the other
// has something else there.
type piece struct {
	text    string
	differs bool
}

// token is a word, a run of blanks, or one other sign.
var token = regexp.MustCompile(`[\p{L}\p{N}]+|\s+|.`)

const (
	leastAlike   = 0.3   // of 1: texts that have less in common would be marked from end to end
	mostCompared = 4_000 // bytes; comparing takes the square of it
)

// differences takes got and want apart, word by word.
func differences(got, want string) (inGot, inWant []piece) {
	inGot, inWant = []piece{{text: got}}, []piece{{text: want}}
	if got == "" || want == "" || len(got)+len(want) > mostCompared {
		return inGot, inWant
	}
	a, b := token.FindAllString(got, -1), token.FindAllString(want, -1)
	var markedGot, markedWant []piece
	alike := 0
	for _, op := range difflib.NewMatcher(a, b).GetOpCodes() {
		here, there := strings.Join(a[op.I1:op.I2], ""), strings.Join(b[op.J1:op.J2], "")
		differs := op.Tag != 'e'
		markedGot, markedWant = append(markedGot, piece{here, differs}), append(markedWant, piece{there, differs})
		if !differs && strings.TrimSpace(here) != "" {
			alike += 2 * len(here)
		}
	}
	if float64(alike) < leastAlike*float64(len(got)+len(want)) {
		return inGot, inWant
	}
	return markedGot, markedWant
}

// markup is the pieces one after another, with nothing between them.
func markup(pieces []piece) string {
	var b strings.Builder
	for _, p := range pieces {
		text := templ.EscapeString(p.text)
		if p.differs && text != "" {
			text = "<mark>" + text + "</mark>"
		}
		b.WriteString(text)
	}
	return b.String()
}
