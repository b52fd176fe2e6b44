package cleanup

import (
	"os"
	"strconv"

	"cnalab/labs/process"
)

// The labels that name the program which has to clean up.
const (
	machineLabel = "cnalab.machine" // where it runs
	pidLabel     = "cnalab.owner"   // its process number
	startLabel   = "cnalab.start"   // when it started, as package process tells it
)

// OwnerLabels adds labels that name this program, so that another program can
// tell whether nobody will clean up what bears them.
func OwnerLabels(labels map[string]string) map[string]string {
	self := process.Identify(os.Getpid())
	labels[machineLabel], labels[pidLabel], labels[startLabel] = machine(), strconv.Itoa(self.PID), self.Start
	return labels
}

// OwnerGone reports whether the program that the labels name has ended. What
// belongs to another machine's program is not ours to tell.
func OwnerGone(labels map[string]string) bool {
	pid, err := strconv.Atoi(labels[pidLabel])
	return err == nil && labels[machineLabel] == machine() &&
		process.Identity{PID: pid, Start: labels[startLabel]}.Gone()
}

func machine() string {
	name, _ := os.Hostname()
	return name
}
