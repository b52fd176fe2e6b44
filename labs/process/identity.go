package process

// Identity tells a process from a later one that was given the same PID.
type Identity struct {
	PID   int    `json:"pid"`
	Start string `json:"start"` // when it started, as the system tells it: an opaque value
}

// Identify returns the identity of a running process. Start is empty where
// there is none.
func Identify(pid int) Identity { return Identity{PID: pid, Start: started(pid)} }

// Alive reports whether this very process runs, and not another with its PID.
func (i Identity) Alive() bool { return i.Start != "" && Identify(i.PID) == i }

// Gone reports whether the process has ended for certain: this program would
// see it if it ran. One of another machine, or of another PID namespace, may
// run.
func (i Identity) Gone() bool { return i.Start != "" && visible(i) && !i.Alive() }
