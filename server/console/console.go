// Package console writes what a person reads in a terminal: problems, what
// happens while somebody waits, and the tables at the end. It decides nothing.
package console

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"cnalab/labs"
	"cnalab/labs/translate"
)

// Problem writes an error as a person reads it, in a language.
func Problem(w io.Writer, err error, language string) {
	p := labs.AsProblem(err)
	lines := []string{translate.In(language, p.Say)}
	if p.Detail != "" {
		lines = append(lines, Indent(p.Detail))
	}
	if p.Next != "" {
		lines = append(lines, translate.In(language, p.Next))
	}
	if p.Kind == labs.Internal && p.Err != nil {
		lines = append(lines, Indent(p.Err.Error()))
	}
	fmt.Fprintln(w, printable(strings.Join(lines, "\n")))
}

// Indent puts every line two places further to the right.
func Indent(text string) string {
	return "  " + strings.ReplaceAll(strings.TrimRight(text, "\n"), "\n", "\n  ")
}

// Sentence makes another program's words begin and end as a sentence does.
func Sentence(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:] + "."
}

// Count says how many there are of something.
func Count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// Duration says a time as a person does.
func Duration(d time.Duration) string {
	switch {
	case d < time.Second:
		return strconv.FormatInt(d.Milliseconds(), 10) + " ms"
	case d < time.Minute:
		return strconv.FormatFloat(d.Seconds(), 'f', 1, 64) + " s"
	}
	return fmt.Sprintf("%d min %d s", int(d.Minutes()), int(d.Seconds())%60)
}
