package main

import (
	"context"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"cnalab/labs"
	"cnalab/server/doctor"
	"cnalab/server/sandbox/part/postgres"
)

// marks stand before each line, so that a fault is found at a glance.
var marks = map[doctor.State]string{doctor.Good: "✓", doctor.Missing: "✗", doctor.Lacking: "!", doctor.Note: "·"}

func doctorCommand(o *options) *cobra.Command {
	var port string
	c := &cobra.Command{
		Use:   "doctor",
		Short: "Say what this machine has, what is missing, and how to get it",
		Long: "Looks at everything that the labs need and says of each what it is; what is\n" +
			"missing comes with the way to get it. Exits with 1 where something needed is missing.",
		Example: "  cnalab doctor\n  cnalab doctor --port 9090",
		Args:    noVerb,
		RunE: func(c *cobra.Command, _ []string) error {
			found, err := o.find()
			if err != nil {
				return err
			}
			findings := doctor.Examine(c.Context(), doctor.Config{
				Root: found.root, Data: o.data, Port: port, NeedEngine: needEngine(found.labs),
				Postgres: func(ctx context.Context) error {
					return postgres.Available(ctx, postgres.Config{Root: found.root})
				},
			})
			return writeFindings(c.OutOrStdout(), findings)
		},
	}
	c.Flags().StringVar(&port, "port", "8080", "`PORT` that the server will listen on")
	must(c.RegisterFlagCompletionFunc("port", cobra.NoFileCompletions))
	return c
}

// needEngine are the labs whose sandbox is made of containers alone. One that
// cannot be read is another command's to tell.
func needEngine(dir string) (numbers []string) {
	all, _ := labs.Load(dir)
	for _, l := range all {
		if !l.Planned && (l.Has(labs.KindDocker) || l.Has(labs.KindKubernetes) || l.Has(labs.KindContainer) || l.Has(labs.KindRegistry)) {
			numbers = append(numbers, l.Number)
		}
	}
	return numbers
}

// writeFindings writes a line for each finding, with its fix on the next.
func writeFindings(w io.Writer, findings []doctor.Finding) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, f := range findings {
		fmt.Fprintf(table, "%s %s\t%s\n", marks[f.State], f.Name, f.Say)
		if f.Fix != "" {
			fmt.Fprintf(table, "\t→ %s\n", f.Fix)
		}
	}
	if err := table.Flush(); err != nil {
		return fmt.Errorf("write what was found: %w", err)
	}
	if !doctor.Healthy(findings) {
		return failed{exitFailed}
	}
	return nil
}
