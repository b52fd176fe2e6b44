package sandboxtest

import (
	"io"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"

	"cnalab/server/sandbox"
)

// insideLimit bounds what is typed inside a sandbox.
const insideLimit = 30 * time.Second

// Inside types a line into a shell inside the sandbox, ends the shell, and
// returns all that it printed.
func Inside(t *testing.T, box sandbox.Sandbox, line string) string {
	t.Helper()
	bench, err := box.Workbench(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer bench.Close()
	files, err := pty.StartWithSize(bench.Command, &pty.Winsize{Cols: 200, Rows: 50})
	if err != nil {
		t.Fatal(err)
	}
	defer files.Close()
	late := time.AfterFunc(insideLimit, func() { bench.Command.Process.Kill() })
	defer late.Stop()
	if _, err := io.WriteString(files, line+"\nexit\n"); err != nil {
		t.Fatal(err)
	}
	var printed strings.Builder
	io.Copy(&printed, files) // a terminal whose program has ended is an error, not an end
	if err := bench.Command.Wait(); err != nil {
		t.Errorf("the shell inside the sandbox: %v\n%s", err, printed.String())
	}
	return printed.String()
}
