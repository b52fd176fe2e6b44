package docker

import (
	"os"
	"strconv"

	"cnalab/labs/process"
)

// The labels that everything of ours in the engine bears.
const (
	labelLease   = "cnalab.lease"   // of the sandbox
	labelLab     = "cnalab.lab"     // its folder's name
	labelLearner = "cnalab.learner" // whose sandbox it is
	labelMachine = "cnalab.machine" // where the program runs that cleans up
	labelOwner   = "cnalab.owner"   // that program's number
	labelStart   = "cnalab.start"   // when it started, as package process tells it
)

// labelsOf are the labels of a sandbox of this program.
func labelsOf(lease, lab, learner string) map[string]string {
	self := process.Identify(os.Getpid())
	return map[string]string{labelLease: lease, labelLab: lab, labelLearner: learner,
		labelMachine: machine(), labelOwner: strconv.Itoa(self.PID), labelStart: self.Start}
}

// orphan reports whether the program that should clean up is gone. What
// belongs to another machine's program is not ours to tell.
func orphan(labels map[string]string) bool {
	pid, err := strconv.Atoi(labels[labelOwner])
	return err == nil && labels[labelMachine] == machine() &&
		process.Identity{PID: pid, Start: labels[labelStart]}.Gone()
}

func machine() string {
	name, _ := os.Hostname()
	return name
}
