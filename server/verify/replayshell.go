package verify

import (
	"bufio"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
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

const (
	// typedLimit bounds each command that is done again.
	typedLimit = 3 * time.Minute
	// typedBytes bounds what all commands of a shell write: what a compiler keeps,
	// and an image or two that are saved to a file, is less.
	typedBytes = 2 << 30
	// lookEvery is how often is looked what they have written.
	lookEvery = 200 * time.Millisecond
)

// replayShell is a shell in which a learner's commands are done again, one after
// another, so that a variable that one has set is there for the next. It has
// what a terminal of the sandbox has, and not the sandbox's control server. Of
// whoever grades it sees nothing, where the machine can isolate programs.
type replayShell struct {
	dir       string
	addresses []string
	hides     []string
	bytes     uint64 // that all its commands may write

	own         string // a folder; empty before prepare
	environment []string
	told        []string // the same, and how the commands reach the cluster
	isolation   *process.Isolation

	cmd    *exec.Cmd // nil where none runs
	tree   *process.Tree
	input  io.WriteCloser
	codes  *bufio.Reader
	output *tail
}

func newReplayShell(dir string, addresses, hides []string) *replayShell {
	return &replayShell{dir: dir, addresses: environ.Without(addresses, environ.Group{labs.EnvControl, labs.EnvCache}), hides: hides, bytes: typedBytes}
}

// start starts the shell where it does not run: at first, and after a command
// that ended it.
func (s *replayShell) start() (err error) {
	if s.cmd != nil {
		return nil
	}
	codes, theirs, err := os.Pipe()
	if err != nil {
		return err
	}
	defer theirs.Close()
	if err := s.startShell(theirs); err != nil {
		codes.Close()
		return err
	}
	s.codes = bufio.NewReader(codes)
	go func(cmd *exec.Cmd) {
		_ = cmd.Wait() // how it ends is told by the command that ended it
		codes.Close()
	}(s.cmd)
	return nil
}

// startShell starts a shell that writes exit codes to its descriptor 3.
func (s *replayShell) startShell(codes *os.File) error {
	shell, err := exec.LookPath("bash")
	if err != nil {
		if shell, err = exec.LookPath("sh"); err != nil {
			return err
		}
	}
	cmd, output := exec.Command(shell), &tail{}
	cmd.Dir, cmd.Env = s.dir, s.told
	cmd.Stdout, cmd.Stderr, cmd.ExtraFiles = output, output, []*os.File{codes}
	cmd.WaitDelay = time.Second // what goes on in the background may hold the output
	tree := &process.Tree{EnvTag: terminal.EnvTag(), Isolation: s.isolation}
	input, err := cmd.StdinPipe()
	if err == nil {
		err = tree.Start(cmd)
	}
	if err != nil {
		return err
	}
	s.cmd, s.tree, s.input, s.output = cmd, tree, input, output
	return nil
}

// do does one command again, and returns a sentence where it fails.
func (s *replayShell) do(ctx context.Context, c handin.Command) (note string) {
	if err := s.start(); err != nil {
		return fmt.Sprintf("%s was not done again: no shell starts: %v.", title(c), err)
	}
	// A command reads nothing: what comes next is the shell's.
	fmt.Fprintf(s.input, "cd -- %s 2>/dev/null || cd -- %s\neval %s </dev/null 3>&-\necho $? >&3; echo %s\n", quote(s.folder(c)), quote(s.dir), quote(c.Line), printed)
	code, late, look := s.code(), time.After(typedLimit), time.NewTicker(lookEvery)
	defer look.Stop()
	for {
		select {
		case code := <-code:
			return s.ended(c, code)
		case <-ctx.Done():
			s.end()
			return ""
		case <-late:
			s.end()
			return fmt.Sprintf("%s had not ended after %v when it was done again.", title(c), typedLimit)
		case <-look.C:
			if s.tree.Written() > s.bytes {
				s.end()
				return fmt.Sprintf("%s was ended: what was done again wrote more than %d MB.", title(c), s.bytes>>20)
			}
		}
	}
}

// ended returns a sentence where a command has failed.
func (s *replayShell) ended(c handin.Command, code string) (note string) {
	said := s.output.take()
	if exit, err := strconv.Atoi(code); err != nil {
		s.end()
		return fmt.Sprintf("%s ended the shell when it was done again.", title(c))
	} else if exit != 0 {
		return fmt.Sprintf("%s ended with %d when it was done again%s", title(c), exit, said)
	}
	return ""
}

// folder is where a command is done again. One that was typed outside the
// workspace must find there neither its files nor the grader's.
func (s *replayShell) folder(c handin.Command) string {
	if !filepath.IsLocal(filepath.FromSlash(c.Folder)) {
		return filepath.Join(s.own, "elsewhere")
	}
	return s.dir + "/" + c.Folder
}

// code sends the next exit code; an empty one where the shell has ended.
func (s *replayShell) code() <-chan string {
	code := make(chan string, 1)
	go func(codes *bufio.Reader) {
		line, _ := codes.ReadString('\n')
		code <- strings.TrimSpace(line)
	}(s.codes)
	return code
}

// end ends the shell with all that it started.
func (s *replayShell) end() {
	if s.cmd != nil {
		s.input.Close()
		s.tree.Kill()
		s.cmd = nil
	}
}

// close ends it, and removes what was its own.
func (s *replayShell) close() {
	s.end()
	if s.isolation != nil {
		s.isolation.As.Close()
	}
	if s.own != "" {
		os.RemoveAll(s.own)
	}
}

// title is the command as a sentence quotes it.
func title(c handin.Command) string {
	line, _, _ := strings.Cut(c.Line, "\n")
	if len(line) > 120 {
		line = strings.ToValidUTF8(line[:120], "")
	}
	if len(line) < len(c.Line) {
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
