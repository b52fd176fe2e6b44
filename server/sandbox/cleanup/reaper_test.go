package cleanup

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// victimVariable tells this test binary to start a reaper and wait.
const victimVariable, sweptVariable, recordsVariable = "CNALAB_REAPER_VICTIM", "CNALAB_REAPER_SWEPT", "CNALAB_REAPER_RECORDS"

func TestMain(m *testing.M) {
	ReaperMain(func(context.Context) error { return os.WriteFile(os.Getenv(sweptVariable), []byte("swept"), 0o600) })
	switch os.Getenv(victimVariable) {
	case "killed":
		records := os.Getenv(recordsVariable)
		record, err := NewRecord(records)
		if err = errors.Join(err, StartReaper(), record.Folder(filepath.Join(records, "folder"), 0o700), StartReaper(records)); err != nil {
			panic(err)
		}
		os.Stdout.WriteString("ready\n")
		select {}
	case "knows no folder":
		if err := StartReaper(); err != nil {
			panic(err)
		}
		os.Stdout.WriteString("ready\n")
		select {}
	case "ends":
		if err := StartReaper(); err != nil {
			panic(err)
		}
		StopReaper()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func victim(t *testing.T, how string) (command *exec.Cmd, swept, records string) {
	t.Helper()
	swept, records = filepath.Join(t.TempDir(), "swept"), t.TempDir()
	command = exec.Command(os.Args[0])
	command.Env = append(os.Environ(), victimVariable+"="+how, sweptVariable+"="+swept, recordsVariable+"="+records)
	return command, swept, records
}

// started starts the program, and returns when its reaper runs.
func started(t *testing.T, command *exec.Cmd) {
	t.Helper()
	out, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = command.Process.Kill(); _ = command.Wait() })
	if _, err := out.Read(make([]byte, 10)); err != nil {
		t.Fatal(err)
	}
}

func TestReaperSweepsAfterAKill(t *testing.T) {
	command, swept, records := victim(t, "killed")
	started(t, command)
	if _, err := os.Stat(swept); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("it swept while the program lived: %v", err)
	}
	command.Process.Kill()
	command.Wait()
	awaitSwept(t, swept, records)
}

func TestReaperSweepsNoFolderThatItWasNotTold(t *testing.T) {
	command, swept, records := victim(t, "knows no folder")
	command.Dir = t.TempDir()
	theirs := filepath.Join(command.Dir, "theirs"+suffix)
	old := time.Now().Add(-time.Hour)
	if err := errors.Join(os.WriteFile(theirs, []byte("a song"), 0o600), os.Chtimes(theirs, old, old)); err != nil {
		t.Fatal(err)
	}
	started(t, command)
	command.Process.Kill()
	command.Wait()
	awaitSwept(t, swept, records)
	time.Sleep(200 * time.Millisecond) // the folders come after the sweep that was seen
	if _, err := os.Stat(theirs); err != nil {
		t.Error(err)
	}
}

// awaitSwept waits until the sweep was called, and nothing of records is left.
func awaitSwept(t *testing.T, swept, records string) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		_, err := os.Stat(swept)
		left, _ := filepath.Glob(filepath.Join(records, "*"))
		if err == nil && len(left) == 0 {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("it did not sweep: %v, left is %q", err, left)
		}
	}
}

func TestReaperDoesNotSweepAfterAGoodEnd(t *testing.T) {
	command, swept, _ := victim(t, "ends")
	if err := command.Run(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(300 * time.Millisecond)
	if _, err := os.Stat(swept); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("it swept: %v", err)
	}
}
