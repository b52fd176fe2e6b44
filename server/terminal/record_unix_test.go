//go:build unix

package terminal

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// recorded waits until the file has so many commands, and returns them without
// their times.
func recorded(t *testing.T, file string, count int) string {
	t.Helper()
	for range 100 {
		if text, _ := os.ReadFile(file); strings.Count(string(text), "#: ") >= count {
			return regexp.MustCompile(`#: \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ `).ReplaceAllString(string(text), "#: ")
		}
		time.Sleep(100 * time.Millisecond)
	}
	text, _ := os.ReadFile(file)
	t.Fatalf("there are not %d commands in %q", count, text)
	return ""
}

func TestWhatIsTypedIsRecorded(t *testing.T) {
	for _, name := range []string{"bash", "zsh"} {
		t.Run(name, func(t *testing.T) {
			shell, err := exec.LookPath(name)
			if err != nil {
				t.Skipf("there is no %s here", name)
			}
			k, request := rig(t)
			t.Setenv("SHELL", shell)
			if err := os.WriteFile(filepath.Join(os.Getenv("HOME"), ".zshrc"), nil, 0o600); err != nil { // or it asks
				t.Fatal(err)
			}
			request.Record = filepath.Join(t.TempDir(), "typed.sh")
			v := open(t, k, request)
			v.until("$ ")
			v.types("false\rfalse\r\rmkdir sub\rcd sub\r  echo spaced\rcat <<END >/dev/null\r  12  a\rEND\recho it ''ended\r")
			v.until("it ended")
			dir := request.Dir
			want := "#: exit 1 in " + dir + "\nfalse\n#: exit 1 in " + dir + "\nfalse\n#: exit 0 in " + dir + "\nmkdir sub\n#: exit 0 in " + dir + "\ncd sub\n" +
				"#: exit 0 in " + dir + "/sub\n  echo spaced\n#: exit 0 in " + dir + "/sub\ncat <<END >/dev/null\n  12  a\nEND\n"
			got := strings.ReplaceAll(recorded(t, request.Record, 7), "\n\n#: ", "\n#: ")
			if !strings.HasPrefix(got, want) {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
			v.types("test -z \"$LAB_RECORD$LAB_PATH\" && echo nobody ''sees it\r")
			v.until("nobody sees it")
		})
	}
}

// A shell that nobody records keeps its history as it was.
func TestNothingIsRecordedWithoutAFile(t *testing.T) {
	k, request := rig(t)
	v := open(t, k, request)
	v.types("echo \"$HISTCONTROL, $PROMPT_COMMAND.\"\r")
	v.until("ignoreboth, history -a.")
}
