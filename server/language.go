package main

import (
	"cmp"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"cnalab/web/words"
)

// languageFlag lets a verb speak the reader's language: what it is asked for, else
// that of the locale. It travels in the context, as it does on the pages.
func languageFlag(c *cobra.Command) {
	var language string
	c.Flags().StringVar(&language, "lang", "", "speak `LANGUAGE`: en or ko (default as your locale); json and junit stay English")
	must(c.RegisterFlagCompletionFunc("lang", cobra.FixedCompletions(words.Languages, cobra.ShellCompDirectiveNoFileComp)))
	c.PreRunE = func(c *cobra.Command, _ []string) error {
		if language != "" && !words.Knows(language) {
			return usage(fmt.Sprintf("There is no language %q.", language), "Choose "+either(words.Languages)+".")
		}
		c.SetContext(words.With(c.Context(), cmp.Or(language, localeLanguage(os.Getenv))))
		return nil
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
