package verify

import (
	"bufio"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"time"

	"cnalab/labs"
	"cnalab/labs/environ"
	"cnalab/labs/process"
	"cnalab/server/handin"
	"cnalab/server/terminal"
)

// typedLimit bounds each command that is done again.
const typedLimit = 3 * time.Minute

// typist is a shell in which a learner's commands are done again, one after
// another, so that a variable that one has set is there for the next. It has
// what a terminal of the sandbox has, and not the sandbox's control server.
type typist struct {
	dir         string
	environment []string

	cmd    *exec.Cmd
	tree   *process.Tree
	input  io.WriteCloser
	codes  *bufio.Reader
	output *tail
}

func newTypist(dir string, addresses []string) *typist {
	addresses = environ.Without(addresses, environ.Group{labs.EnvControl, labs.EnvCache})
	user := environ.Without(os.Environ(), environ.Ours, environ.Build, environ.Runtime)
	return &typist{dir: dir, environment: environ.Shell(user, addresses)}
}

// start starts the shell where it does not run: at first, and after a command
// that ended it.
func (t *typist) start() error {
	if t.cmd != nil {
		return nil
	}
	shell, err := exec.LookPath("bash")
	if err != nil {
		if shell, err = exec.LookPath("sh"); err != nil {
			return err
		}
	}
	codes, theirs, err := os.Pipe()
	if err != nil {
		return err
	}
	defer theirs.Close()
	t.cmd, t.output = exec.Command(shell), &tail{}
	t.cmd.Dir, t.cmd.Env = t.dir, t.environment
	t.cmd.Stdout, t.cmd.Stderr, t.cmd.ExtraFiles = t.output, t.output, []*os.File{theirs}
	t.cmd.WaitDelay = time.Second // what goes on in the background may hold the output
	t.input, err = t.cmd.StdinPipe()
	if err == nil {
		t.tree = &process.Tree{EnvTag: terminal.EnvTag()}
		err = t.tree.Start(t.cmd)
	}
	if err != nil {
		codes.Close()
		t.cmd = nil
		return err
	}
	t.codes = bufio.NewReader(codes)
	go func(cmd *exec.Cmd) {
		_ = cmd.Wait() // how it ends is told by the command that ended it
		codes.Close()
	}(t.cmd)
	return nil
}

// do does one command again, and returns a sentence where it fails.
func (t *typist) do(ctx context.Context, c handin.Command) (note string) {
	if err := t.start(); err != nil {
		return fmt.Sprintf("%s was not done again: no shell starts: %v.", title(c), err)
	}
	code := make(chan string, 1)
	go func(codes *bufio.Reader) {
		line, _ := codes.ReadString('\n') // empty where the shell has ended
		code <- strings.TrimSpace(line)
	}(t.codes)
	// A command reads nothing: what comes next is the shell's.
	fmt.Fprintf(t.input, "cd -- %s 2>/dev/null || cd -- %s\neval %s </dev/null 3>&-\necho $? >&3; echo %s\n", quote(t.dir+"/"+c.Folder), quote(t.dir), quote(c.Line), printed)
	select {
	case is := <-code:
		said := t.output.take()
		if exit, err := strconv.Atoi(is); err != nil {
			t.close()
			return fmt.Sprintf("%s ended the shell when it was done again.", title(c))
		} else if exit != 0 {
			return fmt.Sprintf("%s ended with %d when it was done again%s", title(c), exit, said)
		}
	case <-ctx.Done():
		t.close()
	case <-time.After(typedLimit):
		t.close()
		return fmt.Sprintf("%s had not ended after %v when it was done again.", title(c), typedLimit)
	}
	return ""
}

// close ends the shell with all that it started.
func (t *typist) close() {
	if t.cmd != nil {
		t.input.Close()
		t.tree.Kill()
		t.cmd = nil
	}
}

// title is the command as a sentence quotes it.
func title(c handin.Command) string {
	line, rest, more := strings.Cut(c.Line, "\n")
	if len(line) > 120 {
		line, more = strings.ToValidUTF8(line[:120], ""), true
	}
	if more && rest != "" || len(line) < len(c.Line) {
		line += " …"
	}
	return "`" + line + "`"
}

func quote(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

// printed is what the shell prints below what a command has, which comes by
// another way than its exit code.
var printed = "printed-" + rand.Text()

// tail is the last of what a command printed.
type tail struct {
	mu   sync.Mutex
	text []byte
}

const tailBytes = 4 << 10

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = append(t.text, p...)
	t.text = t.text[max(0, len(t.text)-tailBytes):]
	return len(p), nil
}

// take waits for all that a command has printed, forgets it, and returns its
// last line as the end of a sentence.
func (t *tail) take() string {
	for range 100 {
		if text, whole := t.cut(); whole {
			lines := strings.Split(strings.TrimSpace(text), "\n")
			if last := lines[len(lines)-1]; last != "" {
				return ": " + strings.ToValidUTF8(last, "")
			}
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	return "."
}

func (t *tail) cut() (text string, whole bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if text, whole = strings.CutSuffix(string(t.text), printed+"\n"); whole {
		t.text = nil
	}
	return text, whole
}
