package main

import (
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"cnalab/labs"
	"cnalab/labs/lint"
	"cnalab/labs/load"
	"cnalab/server/console"
	"cnalab/server/library"
	"cnalab/server/project"
	"cnalab/server/site/markdown"
)

func checkCommand(o *options) *cobra.Command {
	var facts bool
	c := &cobra.Command{
		Use:   "check [LAB…]",
		Short: "Tell every broken rule of the labs' folders at once",
		Long: "Tells every broken rule of the labs' folders at once, each with its file and line,\nwhat is there, the rule and the fix. Exits with 1 where there is one.\n" +
			"With --facts it opens a sandbox for each lab, and tries what the texts claim: the\ncommands in them, and the scripts of checks/facts. LAB/STEP tries one step's.",
		Example:           "  cnalab labs check\n  cnalab labs check event-driven 030\n  cnalab labs check 030 040/2 --facts",
		ValidArgsFunction: o.completeLabs,
		RunE: func(c *cobra.Command, args []string) error {
			if facts {
				return o.tryFacts(c, args)
			}
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
	c.Flags().BoolVar(&facts, "facts", false, "try in sandboxes what the texts claim of the tools")
	return c
}

// validate looks at the named labs, or at all, and returns at how many.
func validate(p project.Project, names []string) (violations []labs.Violation, looked int, err error) {
	fixtures := os.DirFS(filepath.Join(p.Root, "fixtures"))
	if len(names) == 0 {
		folders, err := library.Folders(p.Labs)
		violations = lint.All(p.Labs, fixtures)
		for _, folder := range folders {
			violations = append(violations, drawn(filepath.Join(p.Labs, folder))...)
		}
		return violations, len(folders), err
	}
	for _, name := range names {
		dir, err := library.Folder(p.Labs, name)
		if err != nil {
			return nil, 0, err
		}
		violations = slices.Concat(violations, lint.Lab(dir, fixtures), drawn(dir))
	}
	return violations, len(names), nil
}

// drawn tells of the texts of a lab's folder of which no page can be drawn, in
// each language. What cannot be read is told by the rules.
func drawn(dir string) (found []labs.Violation) {
	texts, _ := load.Texts(dir)
	for _, t := range texts {
		bodies := []string{t.Body}
		for _, hint := range t.Hints {
			bodies = append(bodies, hint.Body)
		}
		for _, body := range bodies {
			for _, why := range markdown.Faults(body) {
				found = append(found, labs.Violation{File: t.File, Rule: "a page can be drawn of each text", Fix: why})
			}
		}
	}
	return found
}
