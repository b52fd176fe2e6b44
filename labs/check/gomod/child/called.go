package child

import (
	"slices"
	"sync"
)

// calls are the functions that were called since they were told last, of the
// packages whose calls are noted.
var calls struct {
	sync.Mutex
	names map[string]bool
}

// Called notes a call: the compiler is shown one at the beginning of each
// function of those packages.
func Called(name string) {
	calls.Lock()
	defer calls.Unlock()
	if calls.names == nil {
		calls.names = map[string]bool{}
	}
	calls.names[name] = true
}

func called() []string {
	calls.Lock()
	defer calls.Unlock()
	var names []string
	for name := range calls.names {
		names = append(names, name)
	}
	slices.Sort(names)
	calls.names = nil
	return names
}
