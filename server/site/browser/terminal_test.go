package browser

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"cnalab/fixtures/require"
	"cnalab/server/sandbox/docker"
	"cnalab/server/sandbox/sandboxtest"
)

// screen is what the shown terminal shows.
const screen = `"\n" + [...document.querySelectorAll(".terminal-screen:not([hidden]) .xterm-rows > div")].map(row => row.textContent.replaceAll("\u00a0", " ").trimEnd()).join("\n")`

// terminal opens a shell through the page, beside those that other tests left, and
// waits for its prompt.
func (p *page) terminal() {
	p.Helper()
	p.alive()
	p.click("#tab-panel-terminal")
	p.wait(20*time.Second, "the shells that are there", `["first", "new"].some(name => document.querySelector("[data-terminal-" + name + "]").checkVisibility())`)
	another := js[string](p, `["first", "new"].find(name => document.querySelector("[data-terminal-" + name + "]").checkVisibility())`)
	there := js[int](p, shells)
	p.click("[data-terminal-" + another + "]")
	p.wait(20*time.Second, "another shell", fmt.Sprintf(`%s > %d`, shells, there))
	p.prompt()
}

// shells is how many the page shows.
const shells = `document.querySelectorAll("[data-terminal-tabs] .file-tab").length`

func (p *page) prompt() {
	p.Helper()
	p.wait(20*time.Second, "the prompt", `document.querySelector(".terminal-screen:not([hidden]) .xterm-rows") && (`+screen+`).includes("$")`)
}

// types types a command and presses Enter, as one key: a browser sends no
// character after a key that was handled, and neither must we.
func (p *page) types(text string) {
	p.Helper()
	p.write(text)
	for _, kind := range []string{"keyDown", "keyUp"} {
		enter := input.DispatchKeyEventParams{Type: input.DispatchKeyEventType(kind), Key: "Enter", Code: "Enter", WindowsVirtualKeyCode: 13}
		if kind == "keyDown" {
			enter.Text = "\r"
		}
		command(p, input.DispatchKeyEvent, enter)
	}
}

// says waits until the terminal shows the text.
func (p *page) says(text string) {
	p.Helper()
	p.wait(20*time.Second, "the terminal to say "+text, fmt.Sprintf(`(%s).includes(%q)`, screen, text))
}

// A learner opens a terminal in the sandbox and finds its addresses and the
// files; a reload and a broken line leave the screen as it was.
func TestTerminal(t *testing.T) {
	p := browse(t)
	server := aProgram(t)
	server.start(t)
	p.size(1280, 1200) // what has scrolled away is not on the page
	p.open(server.open)
	p.open("http://" + server.address + "/labs/event-driven/steps/1")
	p.wait(5*time.Minute, "the sandbox", `document.querySelector("#status")?.dataset.state === "open"`)
	p.terminal()
	p.types("echo order is at $SERVICE_ORDER")
	p.says("order is at http://127.0.0.1:")
	p.types("pwd; ls")
	p.says("workspaces/event-driven")
	p.says("go.mod")
	p.types(`psql "$DATABASE_ORDER" -c 'select 40 + 2 as sum'`)
	p.says("42\n(1 row)")
	topics := "kcat -L -b $KAFKA | grep topic" // a line each
	if _, err := exec.LookPath("kcat"); err != nil {
		topics = "kcl metadata --all"
	}
	p.types(topics)
	p.wait(3*time.Minute, "the topics", `/^ *(topic ")?orders\b/m.test(`+screen+`)`) // the first call of kcl builds
	p.types("echo 한글도 됩니다")
	p.says("\n한글도 됩니다")
	p.types(`printf '\e[38;2;200;30;90mtrue colour\e[0m \e[1;32mgreen\e[0m\n'`)
	p.says("true colour green\n")

	p.open("http://" + server.address + "/labs/event-driven/steps/2")
	p.alive()
	p.click("#tab-panel-terminal")
	p.says("42\n(1 row)")
	p.says("true colour green\n")
	js[any](p, `document.querySelector(".terminal-screen textarea").focus()`)
	p.types("echo and on it'' goes")
	p.says("\nand on it goes")

	p.click("[data-terminal-new]")
	p.wait(10*time.Second, "a second tab", shells+` === 2`)
	p.prompt()
	p.types("exit")
	p.wait(10*time.Second, "its tab to go", shells+` === 1`)
	p.says("\nand on it goes")

	aside := fmt.Sprintf("sleep 1301.%d", os.Getpid()) // that nobody else runs, whoever tests beside us
	p.types(aside + " & echo aside''")
	p.says("\naside")
	js[any](p, `document.querySelector("[data-close-sandbox]").click()`)
	p.wait(20*time.Second, "the page to say why", `document.querySelector("[data-terminal-says]").textContent.includes("ended with its sandbox")`)
	p.says("\nand on it goes")
	if left := processes(aside); left != "" {
		t.Errorf("left behind: %s", left)
	}
	js[any](p, `document.querySelector("[data-terminal-tabs] [aria-label^=Close]").click()`)
	p.wait(10*time.Second, "the empty state", `!document.querySelector("[data-terminal-none]").hidden`)
}

// Where the sandbox is made of containers, a terminal can be inside it.
func TestTerminalInside(t *testing.T) {
	engine := docker.New(docker.Config{Root: root, Data: t.TempDir(), Kinds: sandboxtest.Kinds(root)})
	t.Cleanup(func() { engine.Close() })
	if err := engine.Offers(t.Context(), sandboxtest.Lab(sandboxtest.Kafka)); err != nil {
		require.Missing(t, "docker", err.Error())
	}
	p := browse(t)
	server := aProgram(t, "--sandbox", "docker")
	server.start(t)
	p.open(server.open)
	p.open("http://" + server.address + "/labs/kafka/steps/1")
	p.wait(5*time.Minute, "the sandbox", `document.querySelector("#status")?.dataset.state === "open"`)
	p.alive()
	p.click("#tab-panel-terminal")
	p.click(".terminal-none button[data-terminal-inside]")
	p.prompt()
	p.types("echo the broker is at $KAFKA")
	p.says("the broker is at kafka:9092")
	// One after the other: a screen shows a few lines.
	p.types("kafka-topics.sh --bootstrap-server $KAFKA --create --topic notes")
	p.says("Created topic notes.\n")
	p.types("kcat -L -b $KAFKA -t notes")
	p.says("topic \"notes\"")
	p.types("ls")
	p.says("go.mod")
	p.examine("a terminal inside the sandbox")
	js[any](p, `document.querySelector("[data-close-sandbox]").click()`)
	p.wait(20*time.Second, "the page to say why", `document.querySelector("[data-terminal-says]").textContent.includes("ended with its sandbox")`)
	p.wait(10*time.Second, "no way inside any more", `getComputedStyle(document.querySelector(".terminal-toolbar [data-terminal-inside]")).display === "none"`)
}

// A server that is killed leaves nothing that was started in its terminals,
// and the page says so when another has taken its place.
func TestTerminalOfAKilledServer(t *testing.T) {
	p := browse(t)
	server := aProgram(t)
	server.start(t)
	p.open(server.open)
	p.open("http://" + server.address + "/labs/domain-model/steps/2")
	p.terminal()
	aside := fmt.Sprintf("sleep 1302.%d", os.Getpid()) // that nobody else runs, whoever tests beside us
	p.types(aside + " & nohup " + aside + " >/dev/null 2>&1 & (setsid " + aside + " &); echo aside''")
	p.says("\naside")
	server.process.End(os.Kill)
	for end := time.Now().Add(20 * time.Second); processes(aside) != ""; time.Sleep(100 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("left behind:\n%s", processes(aside))
		}
	}
	p.wait(10*time.Second, "the page to notice", `document.querySelector("[data-terminal-says]").textContent.includes("Reconnecting")`)
	server.start(t)
	p.wait(60*time.Second, "the page to say why", `document.querySelector("[data-terminal-says]").textContent.includes("ended with its server")`)
	p.says("\naside")
}

// processes lists the command lines that hold the words.
func processes(words string) (found string) {
	files, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, file := range files {
		text, _ := os.ReadFile(file)
		if line := strings.ReplaceAll(string(text), "\x00", " "); strings.HasPrefix(line, words) {
			found += line + "\n"
		}
	}
	return found
}

// A line that breaks is made again and goes on where it broke: nothing is
// missing, and nothing comes twice.
func TestTerminalLineBreaks(t *testing.T) {
	p := browse(t)
	server := theProgram(t)
	p.size(1280, 1200)
	p.open(server.open)
	p.open("http://" + server.address + "/labs/domain-model/steps/1")
	p.alive()
	js[any](p, `(() => { const socket = WebSocket; window.sockets = [];
		window.WebSocket = class extends socket { constructor(...a) { super(...a); window.sockets.push(this); } }; })()`)
	p.terminal()
	p.types("echo before''")
	p.says("\nbefore")
	p.types("(sleep 2; echo meanwhile'') &")
	js[any](p, `window.sockets.at(-1).close()`)
	p.wait(10*time.Second, "another line", `window.sockets.length === 2 && window.sockets[1].readyState === 1`)
	js[any](p, `document.querySelector(".terminal-screen:not([hidden]) textarea").focus()`)
	p.types("echo after''")
	p.says("\nafter")
	p.wait(10*time.Second, "what was printed meanwhile", `/(\n|\$ )meanwhile/.test(`+screen+`)`)
	if shown := js[string](p, screen); strings.Count(shown, "\nbefore") != 1 || strings.Count(shown, "\nmeanwhile")+strings.Count(shown, "$ meanwhile") != 1 {
		t.Errorf("the screen is %q", shown)
	}
	js[any](p, `document.querySelector("[data-terminal-tabs] [aria-label^=Close]").click()`)
}

// What is selected is copied by the keys and by the menu.
func TestTerminalCopies(t *testing.T) {
	p := browse(t)
	server := theProgram(t)
	p.open(server.open)
	p.open("http://" + server.address + "/labs/domain-model/steps/1")
	p.terminal()
	js[any](p, `navigator.clipboard.writeText = text => (window.copied = text, Promise.resolve())`)
	p.types("clear; echo 'pick-me'")
	p.says("\npick-me")
	js[any](p, `document.querySelector("[data-terminal-action=copy]").click()`)
	p.wait(20*time.Second, "the page to ask for a selection", `document.querySelector("[data-terminal-toast]").textContent === "Select something first."`)
	p.do(chromedp.DoubleClick(chromedp.CSS(".xterm-rows > div:first-child span")))
	p.press("C", chromedp.ModifierCtrl, chromedp.ModifierShift)
	p.wait(20*time.Second, "the keys to copy", `window.copied === "pick-me"`)
	js[any](p, `window.copied = ""`)
	js[any](p, `document.querySelector("[data-terminal-action=copy]").click()`)
	p.wait(20*time.Second, "the menu to copy", `window.copied === "pick-me"`)
	p.keep("terminal-copied")
	js[any](p, `document.querySelector("[data-terminal-tabs] [aria-label^=Close]").click()`)
}

// Commands in the text run at a click, also where no terminal is open yet.
func TestRunFromTheText(t *testing.T) {
	p := browse(t)
	server := theProgram(t)
	p.open(server.open)
	p.open("http://" + server.address + "/labs/domain-model/steps/2")
	p.alive()
	js[any](p, `[...document.querySelectorAll(".code[data-language=sh] button")].find(b => b.textContent === "Run").click()`)
	p.prompt()
	p.says("go run .")
	js[any](p, `document.querySelector(".code[data-language=sh] .code-actions").scrollIntoView({block: "center"})`)
	p.keep("terminal-run")
	if runs := js[int](p, `document.querySelectorAll(".code:not([data-language=sh]):not([data-language=console]) .code-actions").length - document.querySelectorAll(".code:not([data-language=sh]) .copy").length`); runs != 0 {
		t.Error("a block that is no command can be run")
	}
	p.press("c", chromedp.ModifierCtrl)
	p.wait(20*time.Second, "the focus in the terminal", `document.activeElement.matches(".xterm-helper-textarea")`)
	p.press("1", chromedp.ModifierAlt)
	p.wait(20*time.Second, "the focus in the text", `document.activeElement.id === "text"`)
	p.press("4", chromedp.ModifierAlt)
	p.wait(20*time.Second, "the focus in the terminal", `document.activeElement.matches(".xterm-helper-textarea")`)
}

// A flood of output neither freezes the page nor keeps Ctrl-C away, and a
// paste of a megabyte arrives whole.
func TestTerminalUnderLoad(t *testing.T) {
	p := browse(t)
	server := theProgram(t)
	p.open(server.open)
	p.open("http://" + server.address + "/labs/kafka/steps/1")
	p.terminal()
	p.types("yes 0123456789012345678901234567890123456789")
	p.says("\n0123456789012345678901234567890123456789")
	time.Sleep(3 * time.Second)
	began := time.Now()
	js[int](p, `1 + 1`)
	if took := time.Since(began); took > 3*time.Second {
		t.Errorf("the page takes %s to answer", took)
	}
	p.press("c", chromedp.ModifierCtrl)
	p.types("clear; echo it was ended''")
	p.says("\nit was ended")
	p.types("clear; echo it reads''; head -c 1048576 | cksum > sum; clear; cat sum")
	p.says("\nit reads")
	time.Sleep(300 * time.Millisecond)
	js[any](p, `(() => { const data = new DataTransfer(); data.setData("text/plain", "0123456789abcde\n".repeat(65536));
		document.querySelector(".terminal-screen:not([hidden]) textarea").dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true})); })()`)
	p.wait(2*time.Minute, "the sum", `/\n\d+ 1048576\n/.test(`+screen+`)`)
}

// The terminal is drawn in the theme's colours, and axe finds nothing serious
// in it, also with the mode for screen readers.
func TestAxeOfTheTerminal(t *testing.T) {
	p := browse(t)
	server := theProgram(t)
	p.open(server.open)
	for _, theme := range []string{"light", "dark"} {
		command(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: theme}},
		})
		p.size(1280, 800)
		p.open("http://" + server.address + "/labs/event-driven/steps/1")
		p.alive()
		p.click("#tab-panel-terminal")
		p.examine("empty terminal, " + theme)
		p.click("[data-terminal-first]")
		p.prompt()
		p.types("ls --color=always; git log 2>&1 | head -3; echo done''")
		p.says("\ndone")
		p.keep("terminal-" + theme)
		p.examine("terminal, " + theme)
		js[any](p, `document.querySelector("[data-terminal-action=reader]").click()`)
		p.wait(5*time.Second, "the mode for screen readers", `document.querySelector(".xterm-accessibility-tree")?.textContent.includes("done")`)
		p.examine("terminal for a screen reader, " + theme)
		js[any](p, `document.querySelector("[data-terminal-action=reader]").click()`)
		p.size(500, 800)
		p.click("#tab-panels")
		p.keep("terminal-narrow-" + theme)
		p.examine("narrow terminal, " + theme)
		js[any](p, `document.querySelector("[data-terminal-tabs] [aria-label^=Close]").click()`)
		p.wait(10*time.Second, "the empty state", `!document.querySelector("[data-terminal-none]").hidden`)
	}
}

// In Korean, too, the pane says what it is.
func TestTerminalInKorean(t *testing.T) {
	p := browse(t)
	server := theProgram(t)
	p.open(server.open)
	p.click(`button[lang=ko]`)
	p.wait(10*time.Second, "the page in Korean", `document.documentElement.lang === "ko"`)
	p.open("http://" + server.address + "/labs/event-driven/steps/1")
	p.alive()
	p.click("#tab-panel-terminal")
	p.keep("terminal-ko-empty")
	p.click("[data-terminal-first]")
	p.prompt()
	p.types("echo 주문이 들어왔습니다 | cat -n; echo '가나다|'; echo 'abcdef|'")
	p.says("\nabcdef|")
	p.click("[data-terminal-menu] summary")
	p.keep("terminal-ko")
	if got := js[string](p, `document.querySelector("[data-terminal-tabs] .tab").textContent`); got != "터미널 1" {
		t.Errorf("the tab is called %q", got)
	}
	p.click(`button[lang=en]`)
	p.wait(10*time.Second, "the page in English", `document.documentElement.lang === "en"`)
}

// keep keeps a picture where CNALAB_PICTURES names a folder for them.
func (p *page) keep(name string) {
	p.Helper()
	folder := os.Getenv("CNALAB_PICTURES")
	if folder == "" {
		return
	}
	ctx, cancel := p.patient(20 * time.Second)
	defer cancel()
	shot, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, name+".png"), shot, 0o644)
	}
	if err != nil {
		p.Error(err)
	}
}

// A shell whose start-up takes long says so, and a plain one is there at once.
func TestSlowShell(t *testing.T) {
	p := browse(t)
	server := aProgram(t)
	if err := os.WriteFile(filepath.Join(server.home, ".bashrc"), []byte("sleep 120\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	server.start(t)
	p.open(server.open)
	p.open("http://" + server.address + "/labs/domain-model/steps/1")
	p.alive()
	p.click("#tab-panel-terminal")
	p.click("[data-terminal-first]")
	says := func(sentence string) {
		p.wait(20*time.Second, sentence, fmt.Sprintf(`document.querySelector("[data-terminal-says]").textContent.includes(%q)`, sentence))
	}
	says("Your shell starts.")
	says("takes long")
	p.click("[data-terminal-plain]")
	p.prompt()
	p.types("echo at once''")
	p.says("\nat once")
}

// A command to fill in stands at the prompt, and waits for Enter.
func TestTerminalLetsFillIn(t *testing.T) {
	p := browse(t)
	server := theProgram(t)
	p.open(server.open)
	p.open("http://" + server.address + "/labs/domain-model/steps/1")
	p.terminal()
	js[any](p, `void document.dispatchEvent(new CustomEvent("terminal:run", { detail: { text: "echo it says YOUR-WORD", enter: false } }))`)
	p.says("echo it says YOUR-WORD")
	p.types(" now")
	p.says("\nit says YOUR-WORD now")
	if js[bool](p, `(`+screen+`).includes("\nit says YOUR-WORD\n")`) {
		t.Error("it was run before it was filled in")
	}
}
