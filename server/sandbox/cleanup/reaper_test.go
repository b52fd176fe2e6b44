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
const victimVariable, sweptVariable = "CNALAB_REAPER_VICTIM", "CNALAB_REAPER_SWEPT"

func TestMain(m *testing.M) {
	ReaperMain(func(context.Context) error { return os.WriteFile(os.Getenv(sweptVariable), []byte("swept"), 0o600) })
	switch os.Getenv(victimVariable) {
	case "killed":
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

func victim(t *testing.T, how string) (command *exec.Cmd, swept string) {
	t.Helper()
	swept = filepath.Join(t.TempDir(), "swept")
	command = exec.Command(os.Args[0])
	command.Env = append(os.Environ(), victimVariable+"="+how, sweptVariable+"="+swept)
	return command, swept
}

func TestReaperSweepsAfterAKill(t *testing.T) {
	command, swept := victim(t, "killed")
	out, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	out.Read(make([]byte, 10))
	if _, err := os.Stat(swept); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("it swept while the program lived: %v", err)
	}
	command.Process.Kill()
	command.Wait()
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		if _, err := os.Stat(swept); err == nil {
			return
		}
		if time.Now().After(end) {
			t.Fatal("it did not sweep")
		}
	}
}

func TestReaperDoesNotSweepAfterAGoodEnd(t *testing.T) {
	command, swept := victim(t, "ends")
	if err := command.Run(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(300 * time.Millisecond)
	if _, err := os.Stat(swept); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("it swept: %v", err)
	}
}
