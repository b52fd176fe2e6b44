package main

import (
	"context"

	"cnalab/labs"
)

// warm does ahead what the first click would wait for, one thing after the
// other, while the learner reads: it compiles each lab's checks, and starts a
// spare set of the parts that most labs need. What fails here fails again,
// and is told, where somebody waits for it.
func (p *program) warm(ctx context.Context) {
	all, _ := p.library.Labs()
	if lab := neediest(all); lab != nil {
		p.warmParts(ctx, lab)
	}
	for _, lab := range all {
		if lab.Planned || ctx.Err() != nil {
			continue
		}
		if _, err := p.grader.Compile(ctx, lab); err != nil {
			p.log.Info("compile checks ahead", "lab", lab.ID, "error", err)
		}
	}
}

// warmParts starts spare parts with the provider that would open the lab.
func (p *program) warmParts(ctx context.Context, lab *labs.Lab) {
	provider, err := p.provider(ctx, lab)
	if err != nil {
		return
	}
	w, ok := provider.(interface {
		Warm(context.Context, *labs.Lab) error
	})
	if !ok {
		return
	}
	if err := w.Warm(ctx, lab); err != nil {
		p.log.Info("start spare parts", "provider", provider.Name(), "error", err)
	}
}

// neediest is the written lab that takes the most parts.
func neediest(all []*labs.Lab) (found *labs.Lab) {
	for _, lab := range all {
		if !lab.Planned && (found == nil || len(lab.Needs()) > len(found.Needs())) {
			found = lab
		}
	}
	return found
}
