package main

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"cnalab/labs"
	"cnalab/labs/translate"
	"cnalab/server/library"
)

func translatedCommand(o *options) *cobra.Command {
	return &cobra.Command{
		Use:   "translated LAB[/STEP]…",
		Short: "Note that Korean texts are of the English as it is now",
		Long: "Writes into the first line of Korean texts which English they are of: the one that\n" +
			"is there now. Type it after you have compared them; labs check names those whose\n" +
			"English has changed since.",
		Example:           "  cnalab labs translated 040/2\n  cnalab labs translated event-driven",
		ValidArgsFunction: o.completeTarget,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usage("Nothing is named.", "Name the labs or steps whose Korean you have compared: labs translated 040/2.")
			}
			found, err := o.find()
			if err != nil {
				return err
			}
			for _, arg := range args {
				changed, err := markTranslated(found.Labs, arg)
				for _, file := range changed {
					fmt.Fprintln(c.OutOrStdout(), file)
				}
				if err != nil {
					return err
				}
			}
			return nil
		},
	}
}

// markTranslated marks the Korean texts of LAB or LAB/STEP, and returns those that
// it has changed.
func markTranslated(dir, target string) ([]string, error) {
	name, number, hasStep := strings.Cut(target, "/")
	folder, err := library.Folder(dir, name)
	if err != nil {
		return nil, asMisuse(err, labs.NotFound)
	}
	step, err := strconv.Atoi(number)
	if hasStep && (err != nil || step < 1) {
		return nil, usage(fmt.Sprintf("%q is no step.", number), "Name it by its number: labs translated 040/2.")
	}
	changed, err := translate.Mark(folder, step)
	if err != nil {
		return changed, fmt.Errorf("mark the texts of %s: %w", filepath.Base(folder), err)
	}
	return changed, nil
}
