package terminal

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"cnalab/labs/process"
)

// envOwner makes the test binary a server that is killed.
const envOwner = "TERMINAL_TEST_OWNER"

// TestOwner is not a test of its own: TestKilledServer runs it.
func TestOwner(t *testing.T) {
	if os.Getenv(envOwner) == "" {
		t.Skip("started by TestKilledServer")
	}
	k, request := rig(t)
	v := open(t, k, request)
	sleep := sleepOf(os.Getpid())
	v.types("echo $$ >shell; " + sleep + " & nohup " + sleep + " >nohup.out 2>&1 & (trap '' HUP; setsid " + sleep + " &); echo started''\r")
	v.until("started\r\n")
	within(t, "three of them", func() bool { return count(sleep) == 3 })
	os.Stdout.WriteString(request.Dir + "\n")
	select {}
}

// A server that is killed takes its shells with it, and what they have hidden
// ends at the next start.
func TestKilledServer(t *testing.T) {
	server := exec.Command(os.Args[0], "-test.run=^TestOwner$")
	server.Env = append(os.Environ(), envOwner+"=yes", "TMPDIR="+t.TempDir())
	out, err := server.StdoutPipe()
	if err == nil {
		err = server.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	lines.Scan()
	shell, err := os.ReadFile(filepath.Join(lines.Text(), "shell"))
	pid, _ := strconv.Atoi(strings.TrimSpace(string(shell)))
	if err != nil || pid == 0 || !process.Identify(pid).Alive() {
		t.Fatalf("the shell is %q, %v", shell, err)
	}
	server.Process.Kill()
	server.Wait()
	within(t, "the shell to end with its server", func() bool { return !process.Identify(pid).Alive() })
	Sweep()
	if left := count(sleepOf(server.Process.Pid)); left > 0 {
		t.Errorf("%d programs are left", left)
	}
}
