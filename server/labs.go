package main

import "github.com/spf13/cobra"

func labsCommand(o *options) *cobra.Command {
	c := &cobra.Command{
		Use:     "labs",
		Short:   "List the labs; check, prove and begin them as an author",
		Example: "  cnalab labs list\n  cnalab labs check 040\n  cnalab labs prove 040\n  cnalab labs new circuit-breaker",
		Args:    noVerb,
		RunE:    func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(listCommand(o), checkCommand(o), proveCommand(o), mutateCommand(o), newCommand(o), translatedCommand(o))
	return c
}
