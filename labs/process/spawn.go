package process

import (
	"runtime"
	"sync"
)

// spawner returns where calls are handed to the one thread that makes them.
var spawner = sync.OnceValue(func() chan<- func() {
	calls := make(chan func())
	go func() {
		runtime.LockOSThread() // and never unlocks it
		for call := range calls {
			call()
		}
	}()
	return calls
})

// spawn makes the call on one thread that lives as long as the program. Linux
// kills a child when the thread that started it ends, not the process, and Go
// ends threads as it likes.
func spawn(call func() error) error {
	result := make(chan error, 1)
	spawner() <- func() { result <- call() }
	return <-result
}
