package main

import (
	"os"
	"os/user"
	"path/filepath"
	"runtime"
)

// findHome sets HOME where whoever started us did not, as service managers do:
// the go command keeps its cache and its modules below it.
func findHome() {
	if os.Getenv("HOME") != "" || runtime.GOOS == "windows" {
		return
	}
	if account, err := user.Current(); err == nil && filepath.IsAbs(account.HomeDir) {
		os.Setenv("HOME", account.HomeDir)
	}
}
