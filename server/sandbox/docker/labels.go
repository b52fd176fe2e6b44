package docker

import "cnalab/server/sandbox/cleanup"

// The labels that everything of a sandbox in the engine bears, beside those
// of its owner.
const (
	labelSandbox = "cnalab.sandbox" // of the sandbox
	labelLab     = "cnalab.lab"     // its folder's name
	labelLearner = "cnalab.learner" // whose sandbox it is
)

// labelsOf are the labels of a sandbox of this program.
func labelsOf(record, lab, learner string) map[string]string {
	return cleanup.OwnerLabels(map[string]string{labelSandbox: record, labelLab: lab, labelLearner: learner})
}
