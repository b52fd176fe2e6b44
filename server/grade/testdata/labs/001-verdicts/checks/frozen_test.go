//go:build lab && unix

package checks

import (
	"os"
	"syscall"
	"testing"
)

func init() {
	if os.Getenv("FREEZE") != "" {
		freeze()
	}
}

// A process that is stopped runs nothing more, not even what is deferred.
func TestStep09_Freezes(t *testing.T) { freeze() }

func freeze() { syscall.Kill(os.Getpid(), syscall.SIGSTOP) }
