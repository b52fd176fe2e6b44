package lab

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/a-h/templ"
)

// The addresses that the page asks. The server's routes must be the same.

func (a At) lab() string { return "/labs/" + url.PathEscape(a.Lab) }

func (a At) step(number int) templ.SafeURL {
	return templ.SafeURL(fmt.Sprintf("%s/steps/%d", a.lab(), number))
}

func (a At) check() string           { return string(a.step(a.Step)) + "/check" }
func (a At) cancel() string          { return fmt.Sprintf("%s/cancel?step=%d", a.lab(), a.Step) }
func (a At) hints() string           { return string(a.step(a.Step)) + "/hints" }
func (a At) solution() string        { return string(a.step(a.Step)) + "/solution" }
func (a At) open() string            { return a.lab() + "/open" }
func (a At) close() string           { return a.lab() + "/close" }
func (a At) snapshot() string        { return a.lab() + "/snapshot" }
func (a At) restore() string         { return a.lab() + "/restore" }
func (a At) reset() string           { return a.lab() + "/reset" }
func (a At) undo() string            { return a.lab() + "/undo" }
func (a At) redo() string            { return a.lab() + "/redo" }
func (a At) download() templ.SafeURL { return templ.SafeURL(a.lab() + "/workspace.zip") }
func (a At) handIn() templ.SafeURL   { return templ.SafeURL(a.lab() + "/handin.zip") }
func (a At) fastForward() string     { return a.lab() + "/fast-forward" }

func (a At) fault(part string) string { return a.part(part) + "/fault" }
func (a At) heal(part string) string  { return a.part(part) + "/heal" }

func (a At) part(name string) string { return a.lab() + "/parts/" + url.PathEscape(name) }

// file is this page with the file open, for browsers without scripts.
func (a At) file(path string) templ.SafeURL {
	return a.step(a.Step) + templ.SafeURL("?file="+url.QueryEscape(path)+"#editor")
}

// splitPosition takes "order/outbox.go:41" apart. The line is empty where there is none.
func splitPosition(at string) (path, line string) {
	path, line, _ = strings.Cut(at, ":")
	line, _, _ = strings.Cut(line, ":") // a compiler adds the column
	return path, line
}
