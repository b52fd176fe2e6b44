package browser

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"cnalab/fixtures/require"
)

// tab is one tab of the browser, on one page.
type tab struct {
	*testing.T
	ctx context.Context
}

// browser is started once for all tests; TestMain ends it.
var browser = sync.OnceValue(func() context.Context {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		path, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox,
			chromedp.WindowSize(1280, 800), chromedp.Flag("lang", "en"), chromedp.Flag("disable-dev-shm-usage", true))
		allocator, end := chromedp.NewExecAllocator(context.Background(), options...)
		ctx, _ := chromedp.NewContext(allocator)
		closeBrowser = end
		if chromedp.Do(ctx) == nil {
			return ctx
		}
	}
	return nil
})

var closeBrowser = func() {}

func TestMain(m *testing.M) {
	code := m.Run()
	closeBrowser()
	os.Exit(code)
}

// open opens the address in a new tab, and fails the test at its end where
// the browser complained of a script or of the page's policy.
func open(t *testing.T, address string, before ...func(*tab)) *tab {
	t.Helper()
	if browser() == nil {
		require.Missing(t, "browser", "there is no Chromium on the PATH")
	}
	bounded, end := context.WithTimeout(browser(), limit)
	t.Cleanup(end)
	ctx, cancel := chromedp.NewContext(bounded)
	p := &tab{T: t, ctx: ctx}
	p.do(chromedp.EmulateViewport(1280, 800))
	var mu sync.Mutex
	var complaints []string
	go func() {
		for m, err := range chromedp.Console(ctx) {
			if err != nil {
				return
			}
			if m.Source != "network" && (m.IsException() || m.Type == "error") {
				mu.Lock()
				complaints = append(complaints, m.String())
				mu.Unlock()
			}
		}
	}()
	t.Cleanup(func() {
		mu.Lock()
		defer mu.Unlock()
		for _, c := range complaints {
			t.Errorf("the browser complains: %s", c)
		}
		cancel()
	})
	for _, f := range before {
		f(p)
	}
	p.do(chromedp.Navigate(address))
	return p
}

func (p *tab) do(actions ...chromedp.Action[chromedp.Void]) {
	p.Helper()
	if err := chromedp.Do(p.ctx, actions...); err != nil {
		p.Fatalf("in the browser: %v", err)
	}
}

// command sends the browser a command of its own protocol.
func command[P, R any](p *tab, c cdp.Command[P, R], params P) {
	p.Helper()
	if _, err := chromedp.Call(p.ctx, c, params); err != nil {
		p.Fatalf("%s: %v", c.Method, err)
	}
}

func js[T any](p *tab, expression string) T {
	p.Helper()
	result, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		p.Fatalf("evaluate %.120s: %v", expression, err)
	}
	return result
}

// wait waits until a script's expression is true.
func (p *tab) wait(what, expression string) {
	p.Helper()
	for end := time.Now().Add(15 * time.Second); time.Now().Before(end); time.Sleep(40 * time.Millisecond) {
		ctx, cancel := context.WithTimeout(p.ctx, 5*time.Second)
		holds, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("Boolean("+expression+")"))
		cancel()
		if err == nil && holds {
			return
		}
	}
	p.picture()
	p.Fatalf("waited in vain for %s (%s)", what, expression)
}

// picture keeps what a failed test saw.
func (p *tab) picture() {
	path := filepath.Join(p.ArtifactDir(), "page.png")
	if shot, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot()); err == nil && os.WriteFile(path, shot, 0o644) == nil {
		p.Logf("what it looked like: %s (kept with -artifacts)", path)
	}
}

// limit is how long one tab may take in all: a machine that has no process
// left for it must not hold the tests for ever.
const limit = 2 * time.Minute

// editor is CodeMirror's content; it lives in a shadow root.
const editor = `document.querySelector("[data-editor]").shadowRoot.querySelector(".cm-content")`

// workbench waits until the file is in the editor.
func (p *tab) workbench() {
	p.Helper()
	p.wait("the editor", `document.querySelector("[data-editor]")?.shadowRoot?.querySelector(".cm-content[aria-label='product/consumer.go']")`)
}

// write types a text at the start of the open file.
func (p *tab) write(text string) {
	p.Helper()
	js[any](p, editor+".focus()")
	command(p, input.InsertText, input.InsertTextParams{Text: text})
}

func (p *tab) click(selector string) {
	p.Helper()
	js[any](p, `document.querySelector(`+"`"+selector+"`"+`).click()`)
}

// says waits until an element's text holds the words.
func (p *tab) says(selector, text string) {
	p.Helper()
	p.wait(selector+" to say "+text, "document.querySelector(`"+selector+"`)?.textContent.includes(`"+text+"`)")
}

func withoutScripts(p *tab) {
	command(p, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
}
