package docker

import "cnalab/server/sandbox/owner"

// The labels that everything of a sandbox in the engine bears, beside those
// of its owner.
const (
	labelLease   = "cnalab.lease"   // of the sandbox
	labelLab     = "cnalab.lab"     // its folder's name
	labelLearner = "cnalab.learner" // whose sandbox it is
)

// labelsOf are the labels of a sandbox of this program.
func labelsOf(lease, lab, learner string) map[string]string {
	return owner.Mark(map[string]string{labelLease: lease, labelLab: lab, labelLearner: learner})
}
