package gobuild

import (
	"fmt"
	"regexp"
	"strings"
	"syscall"

	"cnalab/labs"
)

// What the go command says, offline, of a library that it does not have.
const lookupOff = "module lookup disabled by GOPROXY=off"

var (
	unreadable  = regexp.MustCompile(`errors parsing [^\n]*go\.mod:\n(?:\S*/)?(go\.mod:\d+: [^\n]+)`)
	notRequired = regexp.MustCompile(`(?:cannot find module providing package|no required module provides package) ([^\s:;]+\.[^\s:;]+)`)
	noSum       = regexp.MustCompile(`missing go\.sum entry for (?:module providing package |go\.mod file of )?(\S+\.\S+?)(?:[@ ]|$)`)
	notHere     = regexp.MustCompile(`(?:go: downloading (\S+) (\S+)\n|([^\s:]+)@(\S+): ` + lookupOff + `)`)
)

// ModuleProblem is what is wrong with a learner's go.mod, with what it says of the
// libraries that the code imports, or with how large the program becomes, by what
// the go command printed; nil where that is not what is wrong.
func ModuleProblem(output string) *labs.Problem {
	if strings.Contains(output, syscall.EFBIG.Error()) {
		return &labs.Problem{Kind: labs.LearnerCode, Say: fmt.Sprintf("Your program is larger than %d MB, so it was not built.", fileBytes>>20),
			Next: "Look for a variable with a large array in it; make it with make, when the program runs."}
	}
	if found := unreadable.FindStringSubmatch(output); found != nil {
		return &labs.Problem{Kind: labs.LearnerCode, Say: "Your go.mod cannot be read: " + found[1] + ".",
			Next: "Mend that line; the lab's own go.mod says `go " + language + "`."}
	}
	return unfetched(output)
}

// unfetched is the problem of a library that is not on this machine.
func unfetched(output string) *labs.Problem {
	const get = "Type `go get %s` in your workspace's folder, which takes a network; or do without the library."
	if found := notRequired.FindStringSubmatch(output); found != nil {
		return &labs.Problem{Kind: labs.LearnerCode, Say: fmt.Sprintf("Your code imports %s, which no module in your go.mod has.", found[1]),
			Next: fmt.Sprintf(get, found[1])}
	}
	if found := noSum.FindStringSubmatch(output); found != nil {
		return &labs.Problem{Kind: labs.LearnerCode, Say: fmt.Sprintf("Your code needs %s, which was never fetched: go.sum does not know it.", found[1]),
			Next: fmt.Sprintf(get, found[1])}
	}
	if found := notHere.FindStringSubmatch(output); found != nil && strings.Contains(output, lookupOff) {
		return &labs.Problem{Kind: labs.LearnerCode, Say: fmt.Sprintf("Your code needs %s %s, which was never fetched to this machine.", found[1]+found[3], found[2]+found[4]),
			Next: "Type `go mod download` in your workspace's folder, which takes a network; or do without the library."}
	}
	return nil
}
