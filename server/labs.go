package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"cnalab/labs"
)

func labsCommand(o *options) *cobra.Command {
	c := &cobra.Command{
		Use:     "labs",
		Short:   "List the labs; check, prove and begin them as an author",
		Example: "  cnalab labs list\n  cnalab labs check 040\n  cnalab labs prove 040\n  cnalab labs new circuit-breaker",
		Args:    noVerb,
		RunE:    func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(listCommand(o), checkCommand(o), proveCommand(o), newCommand(o))
	return c
}

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
			all, broken := labs.Load(found.labs)
			if err := writeList(c.OutOrStdout(), all); err != nil {
				return fmt.Errorf("write the list: %w", err)
			}
			return broken
		},
	}
}

func writeList(w io.Writer, all []*labs.Lab) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, lab := range all {
		steps := count(len(lab.Steps), "step", "steps")
		if lab.Planned {
			steps = "not written yet"
		}
		var needs []string
		for _, need := range lab.Needs() {
			needs = append(needs, need)
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%d min\t%s\t%s\n", lab.Number, lab.ID, lab.Title, lab.Minutes, steps, strings.Join(needs, ", "))
	}
	return table.Flush()
}

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
			return found.check(args, c.OutOrStdout())
		},
	}
}

func (p project) check(names []string, w io.Writer) error {
	fixtures := os.DirFS(filepath.Join(p.root, "fixtures"))
	var violations []labs.Violation
	looked := len(names)
	if len(names) == 0 {
		violations = labs.ValidateAll(p.labs, fixtures)
		folders, err := labFolders(p.labs)
		if err != nil {
			return err
		}
		looked = len(folders)
	}
	for _, name := range names {
		dir, err := p.folder(name)
		if err != nil {
			return err
		}
		violations = append(violations, labs.Validate(dir, fixtures)...)
	}
	for _, violation := range violations {
		fmt.Fprintln(w, violation)
	}
	if len(violations) > 0 {
		fmt.Fprintf(w, "\n%s in %s.\n", count(len(violations), "broken rule", "broken rules"), count(looked, "lab", "labs"))
		return failed{exitFailed}
	}
	fmt.Fprintf(w, "%s, and nothing to mend.\n", count(looked, "lab", "labs"))
	return nil
}

// folder finds a lab by its name alone, because one that is to be checked
// may be too broken to be read.
func (p project) folder(name string) (string, error) {
	folders, err := labFolders(p.labs)
	if err != nil {
		return "", err
	}
	var known []*labs.Lab
	for _, folder := range folders {
		number, id, _ := strings.Cut(folder, "-")
		known = append(known, &labs.Lab{Number: number, ID: id, Folder: folder})
	}
	lab, err := labs.Find(known, name)
	if err != nil {
		return "", &misuse{*labs.AsProblem(err)}
	}
	return filepath.Join(p.labs, lab.Folder), nil
}

// labFolders lists the folders that are labs: their names start with a digit.
func labFolders(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, usage(fmt.Sprintf("There is no readable labs folder at %s.", dir), "Name the folder with --labs DIR.")
	}
	var folders []string
	for _, entry := range entries {
		if name := entry.Name(); entry.IsDir() && name[0] >= '0' && name[0] <= '9' {
			folders = append(folders, name)
		}
	}
	return folders, nil
}

func (o *options) completeLabs(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	found, err := o.find()
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	all, _ := labs.Load(found.labs)
	return completions(all, args, true), cobra.ShellCompDirectiveNoFileComp
}
