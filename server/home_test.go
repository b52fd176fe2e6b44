package main

import (
	"os"
	"os/user"
	"runtime"
	"testing"
)

func TestFindHome(t *testing.T) {
	account, err := user.Current()
	if err != nil || runtime.GOOS == "windows" {
		t.Skip("this system does not tell of an account's home:", err)
	}
	t.Setenv("HOME", "")
	findHome()
	if got := os.Getenv("HOME"); got != account.HomeDir {
		t.Errorf("home is %q, want the account's, %q", got, account.HomeDir)
	}
	t.Setenv("HOME", "/elsewhere")
	findHome()
	if got := os.Getenv("HOME"); got != "/elsewhere" {
		t.Errorf("home is %q, which was set to /elsewhere", got)
	}
}
