package process

import (
	"fmt"
	"os"
	"sync"
	"sync/atomic"
)

var (
	self = sync.OnceValue(func() Identity { return Identify(os.Getpid()) })
	tags atomic.Int64
)

// Mark returns a mark for a tree that no other has: the variable's name with
// the name of this program for good, so that Sweep can tell whose it was, and
// a number. Trees may lie in one another where their variables differ.
func EnvTag(name string) string {
	return fmt.Sprintf("%s%d/", envTagOf(name, self()), tags.Add(1))
}

// marksOf is how all marks of that name begin that the owner gave.
func envTagOf(name string, owner Identity) string {
	return fmt.Sprintf("%s=%d:%s/", name, owner.PID, owner.Start)
}
