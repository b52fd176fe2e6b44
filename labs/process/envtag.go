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

// EnvTag returns an environment variable for a tree, NAME=VALUE, that no other
// has: its value is the identity of this program, so that Sweep can tell whose
// it was, and a number. Trees may lie in one another where the names of their
// variables differ.
func EnvTag(name string) string {
	return fmt.Sprintf("%s%d/", envTagOf(name, self()), tags.Add(1))
}

// envTagOf is how all env tags of that name begin that the owner gave.
func envTagOf(name string, owner Identity) string {
	return fmt.Sprintf("%s=%d:%s/", name, owner.PID, owner.Start)
}
