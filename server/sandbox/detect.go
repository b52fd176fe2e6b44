package sandbox

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"cnalab/labs"
)

// Auto is the choice that leaves the choosing to Detect.
const Auto = "auto"

// ErrUnfit is the cause of a refusal that no change to the machine mends: the
// lab needs a part that the provider never has.
var ErrUnfit = errors.New("the sandbox is of another kind")

// Detect returns the provider that a lab's sandbox is opened with: the one of
// that name, or with Auto the first that can. Where there is none the error
// is a *labs.Problem that says why not.
func Detect(ctx context.Context, lab *labs.Lab, choice string, providers ...Provider) (Provider, error) {
	var names []string
	var refusals []*labs.Problem
	for _, p := range providers {
		names = append(names, p.Name())
		if choice != Auto && choice != p.Name() {
			continue
		}
		err := p.Offers(ctx, lab)
		if err == nil {
			return p, nil
		}
		refusals = append(refusals, labs.AsProblem(err))
	}
	if len(refusals) == 0 {
		return nil, unknown(choice, names)
	}
	return nil, none(lab, telling(refusals))
}

// telling leaves out the refusals that help nobody, where others do.
func telling(refusals []*labs.Problem) []*labs.Problem {
	fit := slices.DeleteFunc(slices.Clone(refusals), func(p *labs.Problem) bool { return errors.Is(p, ErrUnfit) })
	if len(fit) > 0 {
		return fit
	}
	return refusals
}

func unknown(choice string, names []string) *labs.Problem {
	return &labs.Problem{
		Kind: labs.BadInput,
		Say:  fmt.Sprintf("There is no sandbox called %q.", choice),
		Next: "Choose one of: " + strings.Join(append([]string{Auto}, names...), ", ") + ".",
	}
}

// none joins what the providers said. One refusal is passed on as it is.
func none(lab *labs.Lab, refusals []*labs.Problem) *labs.Problem {
	if len(refusals) == 1 {
		return refusals[0]
	}
	var reasons []string
	for _, r := range refusals {
		reasons = append(reasons, r.Say+" "+r.Next)
	}
	return &labs.Problem{
		Kind:   labs.Machine,
		Say:    fmt.Sprintf("No sandbox on this machine can open lab %s.", lab.Number),
		Next:   "Do one of the things named below.",
		Detail: strings.Join(reasons, "\n"),
	}
}
