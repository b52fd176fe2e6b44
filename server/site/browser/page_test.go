package browser

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"cnalab/fixtures/require"
)

// page is one tab.
type page struct {
	*testing.T
	ctx context.Context

	mu       sync.Mutex
	complain []string // what the browser complained of
}

// browse opens a browser with one empty tab.
func browse(t *testing.T) *page {
	t.Helper()
	found := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			found = path
			break
		}
	}
	if found == "" {
		require.Missing(t, "browser", "there is no Chromium on the PATH")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(found), chromedp.WindowSize(1280, 800), chromedp.NoSandbox,
		chromedp.Flag("lang", "en"), chromedp.Flag("disable-dev-shm-usage", true))
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	return tab(t, ctx)
}

// another opens a second tab of the same browser.
func (p *page) another() *page { return tab(p.T, p.ctx) }

func tab(t *testing.T, ctx context.Context) *page {
	t.Helper()
	ctx, cancel := chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("open a tab: %v", err)
	}
	p := &page{T: t, ctx: ctx}
	go p.read()
	t.Cleanup(p.judge)
	return p
}

// read collects errors of scripts and what the page's policy stopped. That a
// server does not answer is what some tests try.
func (p *page) read() {
	for message, err := range chromedp.Console(p.ctx) {
		if err != nil {
			return
		}
		if message.Source != "network" && (message.IsException() || message.Type == "error") {
			p.mu.Lock()
			p.complain = append(p.complain, fmt.Sprintf("%s (%s:%d:%d)", message, message.URL, message.Line+1, message.Column+1))
			p.mu.Unlock()
		}
	}
}

// judge ends the tab's part in the test.
func (p *page) judge() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.complain {
		p.Errorf("the browser complains: %s", c)
	}
	if p.Failed() {
		p.picture()
	}
}

// picture keeps what a failed test saw.
func (p *page) picture() {
	ctx, cancel := context.WithTimeout(p.ctx, 10*time.Second)
	defer cancel()
	shot, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		return
	}
	path := filepath.Join(os.TempDir(), "cnalab-"+strings.ReplaceAll(p.Name(), "/", "-")+".png")
	if os.WriteFile(path, shot, 0o644) == nil {
		p.Logf("what it looked like: %s", path)
	}
}

// do does something and fails the test where that fails.
func (p *page) do(actions ...chromedp.Action[chromedp.Void]) {
	p.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, 30*time.Second)
	defer cancel()
	if err := chromedp.Do(ctx, actions...); err != nil {
		p.Fatalf("in the browser: %v", err)
	}
}

// command sends the browser a command of its own protocol.
func command[P, R any](p *page, c cdp.Command[P, R], params P) {
	p.Helper()
	if _, err := chromedp.Call(p.ctx, c, params); err != nil {
		p.Fatalf("%s: %v", c.Method, err)
	}
}

func (p *page) open(address string) {
	p.Helper()
	p.do(chromedp.Navigate(address))
}

// js evaluates an expression.
func js[T any](p *page, expression string) T {
	p.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, 30*time.Second)
	defer cancel()
	result, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		p.Fatalf("evaluate %.200s: %v", expression, err)
	}
	return result
}

// wait waits until a script's expression is true.
func (p *page) wait(limit time.Duration, what, expression string) {
	p.Helper()
	var last string
	for end := time.Now().Add(limit); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		ctx, cancel := context.WithTimeout(p.ctx, 10*time.Second)
		holds, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("Boolean("+expression+")"))
		cancel()
		if err == nil && holds {
			return
		}
		if last = "false"; err != nil {
			last = err.Error() // such as a page that is being left
		}
	}
	p.Fatalf("waited %s in vain for %s (%s): %s", limit, what, expression, last)
}

func (p *page) click(selector string) {
	p.Helper()
	p.do(chromedp.Click(chromedp.CSS(selector)))
}

// press presses keys where the focus is.
func (p *page) press(keys string, modifiers ...chromedp.Modifier) {
	p.Helper()
	p.do(chromedp.KeyEvent(keys, chromedp.KeyModifiers(modifiers...)))
}

// write types a text where the focus is, as an input method does: at once.
func (p *page) write(text string) {
	p.Helper()
	command(p, input.InsertText, input.InsertTextParams{Text: text})
}

// editor is CodeMirror's content; it lives in a shadow root.
const editor = `document.querySelector("[data-editor]").shadowRoot.querySelector(".cm-content")`

// alive waits until the editor has shown its first file.
func (p *page) alive() {
	p.Helper()
	p.wait(20*time.Second, "the editor",
		`document.querySelector("[data-editor]")?.shadowRoot?.querySelector(".cm-content[aria-label]") && document.querySelector("[data-open-files] *")`)
}

// show opens a file of the tree in the editor.
func (p *page) show(path string) {
	p.Helper()
	p.alive()
	js[any](p, fmt.Sprintf(`document.querySelector('#tree a[data-file=%q]').click()`, path))
	p.wait(10*time.Second, path+" in the editor", editor+fmt.Sprintf(`.getAttribute("aria-label") === %q`, path))
}

// replace puts a text into the open file in place of what is there.
func (p *page) replace(text string) {
	p.Helper()
	js[any](p, editor+".focus()")
	p.press("a", chromedp.ModifierCtrl)
	p.press(kb.Backspace)
	p.write(text)
}

// saved waits until the server has what was typed.
func (p *page) saved() {
	p.Helper()
	p.wait(15*time.Second, "the text to be saved",
		`["saved", "저장됨"].includes(document.querySelector("[data-saved]").textContent.trim()) && !document.querySelector("#tree [data-dirty]")`)
}

// patient bounds something that takes its time.
func (p *page) patient(limit time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeout(p.ctx, limit)
}

func has(text, part string) bool { return strings.Contains(text, part) }
