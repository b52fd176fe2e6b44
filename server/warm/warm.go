// Package warm does ahead what the first click would wait for, while the
// learner reads. What fails here fails again, and is told, where somebody
// waits for it.
package warm

import (
	"context"
	"log/slog"

	"cnalab/labs"
	"cnalab/server/grade"
	"cnalab/server/sandbox"
)

// Config says what to warm with.
type Config struct {
	Grader *grade.Grader
	// Provider returns the one that opens a lab's sandbox here.
	Provider func(context.Context, *labs.Lab) (sandbox.Provider, error)
	Log      *slog.Logger
}

// Labs does one thing after the other: it starts a warm set of the parts that
// most labs need, and compiles each lab's checks.
func Labs(ctx context.Context, config Config, all []*labs.Lab) {
	if lab := neediest(all); lab != nil {
		config.parts(ctx, lab)
	}
	for _, lab := range all {
		if lab.Planned || ctx.Err() != nil {
			continue
		}
		if _, err := config.Grader.Compile(ctx, lab); err != nil {
			config.Log.Info("compile checks ahead", "lab", lab.ID, "err", err)
		}
	}
}

// parts starts parts with the provider that would open the lab.
func (c Config) parts(ctx context.Context, lab *labs.Lab) {
	provider, err := c.Provider(ctx, lab)
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
		c.Log.Info("start parts ahead", "provider", provider.Name(), "err", err)
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
