// Package owner marks what is made in an engine with the program that has to
// clean it up, so that another program can tell whether nobody will. It knows
// nothing of what is marked.
package owner

import (
	"os"
	"strconv"

	"cnalab/labs/process"
)

// The labels that name the program.
const (
	machineLabel = "cnalab.machine" // where it runs
	numberLabel  = "cnalab.owner"   // its process number
	startLabel   = "cnalab.start"   // when it started, as package process tells it
)

// Mark adds labels that name this program.
func Labels(labels map[string]string) map[string]string {
	self := process.Identify(os.Getpid())
	labels[machineLabel], labels[numberLabel], labels[startLabel] = machine(), strconv.Itoa(self.PID), self.Start
	return labels
}

// Gone reports whether the program that the labels name has ended. What
// belongs to another machine's program is not ours to tell.
func OwnerGone(labels map[string]string) bool {
	number, err := strconv.Atoi(labels[numberLabel])
	return err == nil && labels[machineLabel] == machine() &&
		process.Identity{PID: number, Start: labels[startLabel]}.Gone()
}

func machine() string {
	name, _ := os.Hostname()
	return name
}
