package lab

import (
	"html"
	"regexp"
	"strings"

	"github.com/a-h/templ"
)

// fileLink finds what a step's text writes as [order/main.go](file:order/main.go:41).
var fileLink = regexp.MustCompile(`<a href="file:([^"]*)"`)

// prose makes links to files work without scripts: they become links to this
// page with the file open, and keep the path for the editor.
func (t Text) prose() string { return linkFiles(t.At, t.HTML) }

func linkFiles(at At, text string) string {
	return fileLink.ReplaceAllStringFunc(text, func(link string) string {
		target := strings.TrimPrefix(html.UnescapeString(fileLink.FindStringSubmatch(link)[1]), "/")
		path, line := splitPosition(target)
		return `<a class="file-link" href="` + html.EscapeString(string(at.file(path))) +
			`" data-file="` + html.EscapeString(path) + `" data-line="` + html.EscapeString(line) + `"`
	})
}

// language marks a text that is not in the page's language.
func (t Text) language() templ.Attributes {
	if t.Untranslated {
		return templ.Attributes{"lang": "en"}
	}
	return nil
}
