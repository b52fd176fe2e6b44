package labs

// Verdict is what a check says of the learner's work. There are three, never
// two: a broken sandbox or a time-out is not a wrong answer.
type Verdict string

const (
	Passed        Verdict = "passed"          // the check ran and agrees
	NotYet        Verdict = "not yet"         // the check ran and disagrees
	CouldNotCheck Verdict = "could not check" // nothing was proved either way
)

// Report is the outcome of checking a lab, or some of its steps.
type Report struct {
	Lab     string       `json:"lab"`
	Verdict Verdict      `json:"verdict"`
	Steps   []StepReport `json:"steps"`
}

// StepReport is the outcome of one step's checks.
type StepReport struct {
	Step    int           `json:"step"`
	Title   string        `json:"title"`
	Verdict Verdict       `json:"verdict"`
	Checks  []CheckReport `json:"checks"`
}

// CheckReport is the outcome of one check.
type CheckReport struct {
	Name    string  `json:"name"`
	Title   string  `json:"title"`
	Verdict Verdict `json:"verdict"`
	Say     string  `json:"say"`            // one sentence in the learner's words
	Got     string  `json:"got"`            // what was seen; empty where it says nothing
	Want    string  `json:"want"`           // what was hoped for
	At      string  `json:"at,omitempty"`   // "order/outbox.go:41", below the workspace
	Next    string  `json:"next,omitempty"` // what to do about it
	Output  string  `json:"output"`         // the compiler's or the log's lines that matter, bounded
	MS      int64   `json:"ms"`
}

// Worst joins verdicts: anything that could not be checked outweighs a not
// yet, which outweighs a pass. No verdict at all is could not check.
func Worst(verdicts ...Verdict) Verdict {
	rank := map[Verdict]int{Passed: 1, NotYet: 2, CouldNotCheck: 3}
	worst := CouldNotCheck
	best := 0
	for _, v := range verdicts {
		r, known := rank[v]
		if !known {
			return CouldNotCheck
		}
		if r > best {
			best, worst = r, v
		}
	}
	return worst
}

// Conclude sets the verdicts of the steps and of the whole from the checks.
func (r *Report) Conclude() {
	var steps []Verdict
	for i := range r.Steps {
		var checks []Verdict
		for _, c := range r.Steps[i].Checks {
			checks = append(checks, c.Verdict)
		}
		r.Steps[i].Verdict = Worst(checks...)
		steps = append(steps, r.Steps[i].Verdict)
	}
	r.Verdict = Worst(steps...)
}
