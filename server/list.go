package main

import (
	"github.com/spf13/cobra"

	"cnalab/labs/load"
	"cnalab/server/console"
)

func listCommand(o *options) *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Short:   "List the labs in order",
		Example: "  cnalab labs list",
		Args:    noVerb,
		RunE: func(c *cobra.Command, _ []string) error {
			found, err := o.find()
			if err != nil {
				return err
			}
			all, broken := load.All(found.Labs)
			if err := console.Labs(c.OutOrStdout(), all); err != nil {
				return err
			}
			return broken
		},
	}
}
