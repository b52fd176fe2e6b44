package part

import (
	"fmt"

	"cnalab/labs"
)

// Kinds are what a provider can be asked for, by name.
type Kinds map[string]Kind

// Define makes the definitions of a lab's parts, in the lab's order, those that
// run a learner's program last. An error is a *labs.Problem.
func (k Kinds) Define(lab *labs.Lab) (all []Definition, err error) {
	var programs []Definition
	for _, p := range lab.Parts {
		kind, known := k[p.Kind]
		if !known {
			return nil, &labs.Problem{Kind: labs.BadInput, Say: fmt.Sprintf("Lab %s has a part %s of a kind that is not known: %s.", lab.Number, p.Name, p.Kind),
				Next: "Run labs check, and mend what it lists."}
		}
		for _, d := range kind.Define(p, lab.Dir) {
			d.Kind, d.After = p.Kind, replicated(p.After, lab)
			if d.StartStage == "" {
				d.StartStage = fmt.Sprintf("start the service %s", d.Name)
			}
			if d.Program != nil {
				programs = append(programs, d)
			} else {
				all = append(all, d)
			}
		}
	}
	return append(all, programs...), nil
}

// replicated names the replicas of the parts.
func replicated(names []string, lab *labs.Lab) (all []string) {
	for _, name := range names {
		for _, p := range lab.Parts {
			if p.Name == name {
				all = append(all, p.Instances()...)
			}
		}
	}
	return all
}
