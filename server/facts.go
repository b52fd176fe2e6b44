package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"cnalab/server/console"
	"cnalab/server/facts"
)

// tryFacts tries what the texts of the named labs, or of all that are written,
// claim of the tools.
func (o *options) tryFacts(c *cobra.Command, names []string) error {
	p, err := o.open(c.ErrOrStderr(), true)
	if err != nil {
		return err
	}
	defer p.closeQuietly()
	targets, err := p.targets(names)
	if err != nil {
		return err
	}
	w, tried, wrong := c.OutOrStdout(), 0, 0
	for _, t := range targets {
		config := p.testbed(c.Context())
		if config.Provider, err = p.provider(c.Context(), t.lab); err != nil {
			return err
		}
		fmt.Fprintf(w, "%s %s\n", t.lab.Number, t.lab.Title)
		err := facts.Lab(c.Context(), config, t.lab, t.steps, func(claim facts.Claim) {
			tried++
			if !claim.Holds {
				wrong++
			}
			writeClaim(w, claim)
		})
		if err != nil {
			return err
		}
	}
	fmt.Fprintf(w, "\n%s tried, %d of them wrong.\n", console.Count(tried, "claim", "claims"), wrong)
	if wrong > 0 {
		return failed{exitFailed}
	}
	return nil
}

// writeClaim writes what became of one claim, and what it printed where it is wrong.
func writeClaim(w io.Writer, c facts.Claim) {
	holds := "holds"
	if !c.Holds {
		holds = "wrong"
	}
	fmt.Fprintf(w, "  %s  %s:%d  %s\n", holds, c.File, c.Line, console.Duration(c.Took))
	if !c.Holds {
		fmt.Fprintln(w, console.Indent(c.Says))
	}
}
