package process

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// envOwner makes the test binary a process that is killed.
const envOwner = "PROCESS_TEST_TEMP"

func TestMain(m *testing.M) {
	if os.Getenv(envOwner) != "" {
		dir, err := MkdirTemp("left-")
		if err == nil {
			_, err = os.Stdout.WriteString(dir)
		}
		if err != nil {
			os.Exit(1)
		}
		os.Exit(0) // without a word to Remove, as a kill would
	}
	os.Exit(m.Run())
}

func TestWhatAProcessHasLeftIsSwept(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	owner := exec.Command(os.Args[0])
	owner.Env = append(os.Environ(), envOwner+"=yes")
	left, err := owner.Output()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(string(left)); err != nil {
		t.Fatalf("nothing was left: %v", err)
	}
	mine, err := TempDir()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Dir(string(left))); err == nil {
		t.Error("what a process has left that is gone is still there")
	}
	SweepTemp()
	if again, err := TempDir(); err != nil || again != mine {
		t.Errorf("our own is %q, and then %q, %v", mine, again, err)
	}
	RemoveTemp()
	if _, err := os.Stat(mine); err == nil {
		t.Error("our own is still there")
	}
}
