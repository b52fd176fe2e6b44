package process

import (
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"testing"
)

const raises = "PROCESS_TEST_RAISES"

// TestWhatIsStartedMayOpenFiles runs itself with the limit of a bare macOS.
func TestWhatIsStartedMayOpenFiles(t *testing.T) {
	if os.Getenv(raises) != "" {
		RaiseOpenFiles()
		out, err := exec.Command("sh", "-c", "ulimit -n").Output()
		fmt.Printf("a child has %s%v\n", out, err)
		return
	}
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("sh", "-c", `ulimit -Sn 256 && exec "$0" -test.run='^TestWhatIsStartedMayOpenFiles$'`, os.Args[0])
	cmd.Env = append(os.Environ(), raises+"=1")
	out, err := cmd.CombinedOutput()
	var got uint64
	if _, scan := fmt.Sscanf(string(out), "a child has %d", &got); err != nil || scan != nil {
		t.Fatalf("%v, %v: %s", err, scan, out)
	}
	if want := min(limit.Max, enoughOpenFiles) - 1; got < want { // Go leaves one
		t.Errorf("a child may open %d files, want %d", got, want)
	}
}
