package child

import (
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"
)

// Calls are what was called, of the packages whose calls are noted, since it was
// asked last.
type Calls struct {
	Names   []string `json:",omitempty"` // functions: "order.Order.Ship"
	Outside []Entry  `json:",omitempty"` // exported ones, and where a package of another folder called them
	Changes int      `json:",omitempty"` // how often the value that is watched had changed when one was called
}

// Entry is a call from outside of the function's folder.
type Entry struct{ Package, Name, At string }

// noted are the calls since they were told last.
var noted struct {
	sync.Mutex
	names   map[string]bool
	outside map[Entry]bool
	changes int

	watched reflect.Value
	folder  string // of the packages whose state counts
	state   string
}

// Called notes a call: the compiler is shown one at the beginning of each
// function of those packages, which calls it by way of a function of its own.
func Called(name string) {
	noted.Lock()
	defer noted.Unlock()
	if noted.names == nil {
		noted.names, noted.outside = map[string]bool{}, map[Entry]bool{}
	}
	noted.names[name] = true
	callers := stack()
	if len(callers) < 2 {
		return
	}
	imported := packageOf(callers[0].Function)
	folder, _, _ := strings.Cut(strings.TrimPrefix(imported, "shop/"), "/")
	noteOutside(name, imported, folder, caller(callers[1:]))
	if folder == noted.folder && first(callers[1:], folder) {
		noteState()
	}
}

// noteOutside notes a call that another of the learner's packages makes.
func noteOutside(name, imported, folder string, by runtime.Frame) {
	caller := packageOf(by.Function)
	_, called, _ := strings.Cut(name, ".")
	short := called[strings.LastIndexByte(called, '.')+1:]
	if !ofLearner(caller) || belongs(caller, folder) || short == "" || short[0] < 'A' || short[0] > 'Z' {
		return
	}
	at := strings.TrimPrefix(caller, "shop/") + "/" + numbered(by.File, by.Line)
	noted.outside[Entry{strings.TrimPrefix(imported, "shop/"), called, at}] = true
}

// noteState counts a change of what is watched.
func noteState() {
	if !noted.watched.IsValid() {
		return
	}
	if now := wholeOf(noted.watched, noted.folder); now != noted.state {
		noted.state = now
		noted.changes++
	}
}

// watch begins to count the changes of a value as far as it is made of what a
// folder's packages hold.
func (t *table) watch(a Ask) Answer {
	noted.Lock()
	defer noted.Unlock()
	noted.watched, noted.folder = t.value(a.On), a.Name
	noteState()
	noted.changes = 0
	return Answer{}
}

func called() Answer {
	noted.Lock()
	defer noted.Unlock()
	noteState()
	calls := Calls{Changes: noted.changes}
	for name := range noted.names {
		calls.Names = append(calls.Names, name)
	}
	for entry := range noted.outside {
		calls.Outside = append(calls.Outside, entry)
	}
	slices.Sort(calls.Names)
	slices.SortFunc(calls.Outside, func(a, b Entry) int {
		return strings.Compare(a.Package+"."+a.Name+" "+a.At, b.Package+"."+b.Name+" "+b.At)
	})
	noted.names, noted.outside, noted.changes = nil, nil, 0
	return Answer{Calls: &calls}
}
