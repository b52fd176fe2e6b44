//go:build !linux

package process

import (
	"os/exec"
	"time"
)

// membership needs nothing here: nobody leaves a group unseen.
type membership struct{}

func (*membership) began(Identity) {}

// rooted is the identity of a child.
func rooted(pid int) Identity { return Identify(pid) }

// dieWithUs does nothing: this system ends no program with another.
func dieWithUs(*exec.Cmd) {}

// bound does nothing: this system cannot limit another process.
func bound(int, uint64) {}

// BoundFiles does nothing: this system cannot limit another process.
func BoundFiles(int, uint64) {}

// withForks makes the call: this system does not count a tree's processes.
func withForks(_ int, call func() error) error { return call() }

// Refused is false: this system refuses a tree nothing.
func (t *Tree) Refused() bool { return false }

// Usage counts the roots, and says 0 bytes of memory: this system does not tell
// of it cheaply.
func (t *Tree) Usage() (count int, memory uint64) { return len(t.roots()), 0 }

// Written is 0: this system does not tell of it.
func (t *Tree) Written() uint64 { return 0 }

func (t *Tree) roots() []Identity {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.Roots
}

// Sweep does nothing: this system does not show what a process inherited.
func Sweep(string, time.Duration) {}
