package session

import "cnalab/labs"

// Key names a session: one learner in one lab.
type Key struct {
	Learner string    // names the learner in labels and logs; "learner" where empty
	Lab     *labs.Lab // as it is now; what counts is its ID
}

func (k Key) learner() string {
	if k.Learner == "" {
		return "learner"
	}
	return k.Learner
}

// id is what Key compares by.
type id struct{ learner, lab string }
