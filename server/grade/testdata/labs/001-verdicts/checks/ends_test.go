//go:build lab

package checks

import (
	"os"
	"runtime/debug"
	"syscall"
	"testing"
	"time"

	"cnalab/labs/check"
)

func TestStep02_Panics(t *testing.T) {
	t.Log("before the end")
	var orders []int
	t.Log(orders[len(os.Args)])
}

func TestStep02_PanicsElsewhere(t *testing.T) {
	go func() { panic("elsewhere") }()
	<-time.After(time.Minute)
}

// What follows a crash is checked all the same.
func TestStep02_Passes(t *testing.T) {}

func TestStep02_ExitsWell(t *testing.T) { os.Exit(0) }

func TestStep02_ExitsBadly(t *testing.T) {
	println("giving up")
	os.Exit(3)
}

func TestStep02_PanicsAfterItsFinding(t *testing.T) {
	t.Cleanup(func() { panic("too late") })
	check.New(t).NotYet(check.Finding{Say: "Said before the crash."})
}

func TestStep02_IsKilled(t *testing.T) {
	syscall.Kill(os.Getpid(), syscall.SIGKILL)
	<-time.After(time.Minute)
}

func TestStep02_Hangs(t *testing.T) {
	t.Log("waiting for nothing")
	time.Sleep(time.Hour)
}

func TestStep02_Overflows(t *testing.T) {
	debug.SetMaxStack(1 << 20)
	var deeper func(n int) int
	deeper = func(n int) int { return deeper(n+1) + 1 }
	deeper(0)
}

func TestStep02_IsStillRun(t *testing.T) {
	check.New(t).NotYet(check.Finding{Say: "The last one ran."})
}
