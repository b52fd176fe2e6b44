package main

import (
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"cnalab/labs"
	"cnalab/labs/scaffold"
)

func newCommand(o *options) *cobra.Command {
	return &cobra.Command{
		Use:               "new ID",
		Short:             "Begin a lab with a folder that passes check and prove",
		Example:           "  cnalab labs new circuit-breaker",
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage("A new lab has one id.", "Name it in lower-case words joined by dashes: labs new circuit-breaker.")
			}
			found, err := o.find()
			if err != nil {
				return err
			}
			folder, err := scaffold.New(found.Labs, args[0])
			if err != nil {
				return asMisuse(err, labs.BadInput, labs.NotFound, labs.Conflict)
			}
			fmt.Fprintf(c.OutOrStdout(), "%s is a lab of one small step. Change its texts, checks and solution, and look with\n", folder)
			fmt.Fprintf(c.OutOrStdout(), "  labs check %s\n  labs prove %[1]s\n", filepath.Base(folder))
			return nil
		},
	}
}
