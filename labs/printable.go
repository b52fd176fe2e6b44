package labs

import (
	"unicode"
	"unicode/utf8"
)

// Printable is for strings.Map: it keeps what a learner's code printed, or an
// author wrote, from driving the terminal of whoever reads it.
func Printable(r rune) rune {
	if unicode.IsControl(r) && r != '\n' && r != '\t' {
		return utf8.RuneError
	}
	return r
}
