package sandboxtest

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"

	"cnalab/server/sandbox"
)

// insideTimeout bounds what is typed inside a sandbox.
const insideTimeout = 30 * time.Second

// testInside types into a shell inside, which sees the workspace; where there is
// no inside it is told so.
func (s *opened) testInside(t *testing.T) {
	if !s.o.Has.Inside {
		_, err := s.Workbench(t.Context())
		s.refused("a shell inside", err)
		return
	}
	if printed := Inside(t, s, "echo $((40+2)); echo here > made"); !strings.Contains(printed, "42\r\n") {
		t.Errorf("it printed:\n%s", printed)
	}
	made := filepath.Join(s.workspace, "made")
	if text, err := os.ReadFile(made); err != nil || string(text) != "here\n" {
		t.Errorf("the file that was made: %q, %v", text, err)
	}
	if err := os.Remove(made); err != nil {
		t.Error(err)
	}
}

// Inside types a line into a shell inside the sandbox, ends the shell, and
// returns all that it printed.
func Inside(t *testing.T, s sandbox.Sandbox, line string) string {
	t.Helper()
	workbench, err := s.Workbench(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer workbench.Close()
	files, err := pty.StartWithSize(workbench.Command, &pty.Winsize{Cols: 200, Rows: 50})
	if err != nil {
		t.Fatal(err)
	}
	defer files.Close()
	late := time.AfterFunc(insideTimeout, func() { workbench.Command.Process.Kill() })
	defer late.Stop()
	if _, err := io.WriteString(files, line+"\nexit\n"); err != nil {
		t.Fatal(err)
	}
	var printed strings.Builder
	io.Copy(&printed, files) // a terminal whose program has ended is an error, not an end
	if err := workbench.Command.Wait(); err != nil {
		t.Errorf("the shell inside the sandbox: %v\n%s", err, printed.String())
	}
	return printed.String()
}
