package gobuild

import (
	"fmt"
	"regexp"
	"strings"

	"cnalab/labs"
)

// What the go command says, offline, of a library that it does not have.
const lookupOff = "module lookup disabled by GOPROXY=off"

var (
	notRequired = regexp.MustCompile(`(?:cannot find module providing package|no required module provides package) ([^\s:;]+\.[^\s:;]+)`)
	noSum       = regexp.MustCompile(`missing go\.sum entry for (?:module providing package |go\.mod file of )?(\S+\.\S+?)(?:[@ ]|$)`)
	notHere     = regexp.MustCompile(`(?:go: downloading (\S+) (\S+)\n|([^\s:]+)@(\S+): ` + lookupOff + `)`)
)

// Unfetched is the problem of a module that imports a library which is not on
// this machine, by what the go command printed of it; nil where that is not
// what is wrong.
func Unfetched(output string) *labs.Problem {
	const get = "Type `go get %s` in your workspace's folder, which takes a network; or do without the library."
	if found := notRequired.FindStringSubmatch(output); found != nil {
		return &labs.Problem{Kind: labs.LearnerCode, Say: fmt.Sprintf("Your code imports %s, which no module in your go.mod has.", found[1]),
			Next: fmt.Sprintf(get, found[1])}
	}
	if found := noSum.FindStringSubmatch(output); found != nil {
		return &labs.Problem{Kind: labs.LearnerCode, Say: fmt.Sprintf("Your code imports %s, which was never fetched: go.sum does not know it.", found[1]),
			Next: fmt.Sprintf(get, found[1])}
	}
	if found := notHere.FindStringSubmatch(output); found != nil && strings.Contains(output, lookupOff) {
		return &labs.Problem{Kind: labs.LearnerCode, Say: fmt.Sprintf("Your code needs %s %s, which was never fetched to this machine.", found[1]+found[3], found[2]+found[4]),
			Next: "Type `go mod download` in your workspace's folder, which takes a network; or do without the library."}
	}
	return nil
}
