package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"cnalab/labs"
	"cnalab/server/report"
	"cnalab/web/words"
)

// languageFlag lets a verb speak the reader's language: what it is asked for, else
// that of the locale. It travels in the context, as it does on the pages.
func languageFlag(c *cobra.Command) {
	var language string
	c.Flags().StringVar(&language, "lang", "", "speak `LANGUAGE`: en or ko (default as your locale)")
	must(c.RegisterFlagCompletionFunc("lang", cobra.FixedCompletions(words.Languages, cobra.ShellCompDirectiveNoFileComp)))
	c.PreRunE = func(c *cobra.Command, _ []string) error {
		if language != "" && !words.Knows(language) {
			return usage(fmt.Sprintf("There is no language %q.", language), "Choose "+either(words.Languages)+".")
		}
		c.SetContext(words.With(c.Context(), cmp.Or(language, localeLanguage(os.Getenv))))
		return nil
	}
}

// text writes reports for a person, in the language of ctx.
func (p *program) text(ctx context.Context) func(io.Writer, []labs.Report) error {
	language := words.Language(ctx)
	return func(w io.Writer, reports []labs.Report) error {
		var all []labs.Report
		for _, r := range reports {
			if lab, err := p.library.Find(r.Lab); err == nil {
				r = lab.TranslateReport(r, language)
			}
			all = append(all, r)
		}
		return report.TextIn(language)(w, all)
	}
}

// localeLanguage is the language of the environment's locale, English where we do
// not speak it.
func localeLanguage(getenv func(string) string) string {
	locale := cmp.Or(getenv("LC_ALL"), getenv("LC_MESSAGES"), getenv("LANG"))
	if language, _, _ := strings.Cut(locale, "_"); words.Knows(language) {
		return language
	}
	return words.Languages[0]
}
