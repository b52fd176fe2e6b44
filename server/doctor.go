package main

import (
	"context"

	"github.com/spf13/cobra"

	"cnalab/labs"
	"cnalab/labs/load"
	"cnalab/server/console"
	"cnalab/server/doctor"
	"cnalab/server/sandbox/part/postgres"
	"cnalab/web/words"
)

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
				Root: found.Root, Data: o.data, Port: port, NeedEngine: needEngine(found.Labs), Archive: found.IsArchive(),
				Postgres: func(ctx context.Context) error {
					return postgres.Available(ctx, postgres.Config{Root: found.Root})
				},
			})
			if err := console.Findings(c.OutOrStdout(), findings, words.Language(c.Context())); err != nil {
				return err
			}
			if !doctor.Healthy(findings) {
				return failed{exitFailed}
			}
			return nil
		},
	}
	c.Flags().StringVar(&port, "port", "8080", "`PORT` that the server will listen on")
	must(c.RegisterFlagCompletionFunc("port", cobra.NoFileCompletions))
	languageFlag(c)
	return c
}

// needEngine are the labs whose sandbox is made of containers alone. One that
// cannot be read is another command's to report.
func needEngine(dir string) (numbers []string) {
	all, _ := load.All(dir)
	for _, l := range all {
		if !l.Planned && (l.Has(labs.KindDocker) || l.Has(labs.KindKubernetes) || l.Has(labs.KindContainer) || l.Has(labs.KindRegistry)) {
			numbers = append(numbers, l.Number)
		}
	}
	return numbers
}
