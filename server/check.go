package main

import (
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"cnalab/labs"
	"cnalab/labs/lint"
	"cnalab/server/console"
	"cnalab/server/library"
	"cnalab/server/project"
)

func checkCommand(o *options) *cobra.Command {
	return &cobra.Command{
		Use:               "check [LAB…]",
		Short:             "Tell every broken rule of the labs' folders at once",
		Long:              "Tells every broken rule of the labs' folders at once, each with its file and line,\nwhat is there, the rule and the fix. Exits with 1 where there is one.",
		Example:           "  cnalab labs check\n  cnalab labs check event-driven 030",
		ValidArgsFunction: o.completeLabs,
		RunE: func(c *cobra.Command, args []string) error {
			found, err := o.find()
			if err != nil {
				return err
			}
			violations, looked, err := validate(found, args)
			if err != nil {
				return asMisuse(err, labs.NotFound)
			}
			console.Violations(c.OutOrStdout(), violations, looked)
			if len(violations) > 0 {
				return failed{exitFailed}
			}
			return nil
		},
	}
}

// validate looks at the named labs, or at all, and returns at how many.
func validate(p project.Project, names []string) (violations []labs.Violation, looked int, err error) {
	fixtures := os.DirFS(filepath.Join(p.Root, "fixtures"))
	if len(names) == 0 {
		folders, err := library.Folders(p.Labs)
		return lint.All(p.Labs, fixtures), len(folders), err
	}
	for _, name := range names {
		dir, err := library.Folder(p.Labs, name)
		if err != nil {
			return nil, 0, err
		}
		violations = append(violations, lint.Lab(dir, fixtures)...)
	}
	return violations, len(names), nil
}
