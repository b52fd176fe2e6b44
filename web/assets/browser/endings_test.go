package browser

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// A file keeps the ends of its lines, and the mark that it may begin with, while
// somebody types in it. A new line gets the end that most lines have.
func TestAFileKeepsItsLineEnds(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		keys []string
		want string
	}{
		"Unix":                {"a\nb\n", []string{"x", "\n"}, "x\na\nb\n"},
		"Windows":             {"a\r\nb\r\n", []string{"x", "\n"}, "x\r\na\r\nb\r\n"},
		"old Mac":             {"a\rb\r", []string{"x", "\n"}, "x\ra\rb\r"},
		"Windows, joined":     {"a\r\nb\r\nc", []string{kb.Delete, kb.Delete}, "b\r\nc"},
		"mixed, line typed":   {"a\r\nb\nc\r\n", []string{kb.ArrowDown, "x"}, "a\r\nxb\nc\r\n"},
		"mixed, line added":   {"a\r\nb\nc\r\n", []string{"x", "\n"}, "x\r\na\r\nb\nc\r\n"},
		"mixed, line gone":    {"a\r\nb\nc\r\nd", []string{kb.Delete, kb.Delete}, "b\nc\r\nd"},
		"Windows, no end":     {"a\r\nb", []string{"x"}, "xa\r\nb"},
		"with its first mark": {"\ufeffa\r\nb\r\n", []string{kb.ArrowDown, "x"}, "\ufeffa\r\nxb\r\n"},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t)
			s.files[consumer] = c.text
			p := open(t, s.URL+stepPath)
			p.workbench()
			js[any](p, editor+".focus()")
			p.do(chromedp.KeyEvent(kb.Home, chromedp.KeyModifiers(chromedp.ModifierCtrl)))
			for _, key := range c.keys {
				if key == "x" || key == "\n" {
					p.write(key)
				} else {
					p.press(key)
				}
			}
			p.do(chromedp.KeyEvent("s", chromedp.KeyModifiers(chromedp.ModifierCtrl)))
			p.wait("the text to be saved", `document.querySelector("[data-saved]").dataset.state === "saved"`)
			if got := s.read(consumer); got != c.want {
				t.Errorf("the server has %q, want %q", got, c.want)
			}
		})
	}
}
