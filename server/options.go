package main

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"cnalab/labs"
	"cnalab/server/project"
	"cnalab/server/sandbox"
)

// options are the flags that every verb takes.
type options struct {
	data, labs, sandbox string
	verbose             bool
	key                 string // the file that verify signs with; empty for none
}

// sandboxes are what --sandbox takes.
var sandboxes = []string{sandbox.Auto, "embedded", "docker", "kind"}

func (o *options) register(root *cobra.Command) {
	flags := root.PersistentFlags()
	flags.StringVar(&o.data, "data", "", "`DIR` for your files and progress (default "+ownFolder()+")")
	flags.StringVar(&o.labs, "labs", "", "`DIR` with the labs (default the project's own)")
	flags.StringVar(&o.sandbox, "sandbox", sandbox.Auto, "how sandboxes run: "+either(sandboxes))
	flags.BoolVar(&o.verbose, "verbose", false, "log what happens inside")
	root.PersistentPreRunE = func(*cobra.Command, []string) error { return o.check() }
	for _, name := range []string{"data", "labs"} {
		must(root.MarkPersistentFlagDirname(name))
	}
	must(root.RegisterFlagCompletionFunc("sandbox", cobra.FixedCompletions(sandboxes, cobra.ShellCompDirectiveNoFileComp)))
}

// either joins words that are a choice.
func either(words []string) string {
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// must is for wiring that fails only where a name is misspelt.
func must(err error) {
	if err != nil {
		panic(err)
	}
}

// check fills in the defaults and turns down what no verb can use.
func (o *options) check() error {
	if !slices.Contains(sandboxes, o.sandbox) {
		return usage(fmt.Sprintf("There is no sandbox called %q.", o.sandbox), "Choose "+either(sandboxes)+".")
	}
	if o.data == "" {
		o.data = ownFolder()
	}
	if o.data == "" {
		return usage("This account has no folder of its own to keep your files in.", "Name one with --data DIR.")
	}
	data, err := filepath.Abs(o.data)
	if err != nil {
		return usage(fmt.Sprintf("%q is not a folder.", o.data), "Name another with --data DIR.")
	}
	o.data = data
	return nil
}

// ownFolder is where a user's programs keep their data on this system.
func ownFolder() string {
	if dir := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "cnalab")
	}
	if runtime.GOOS == "darwin" || runtime.GOOS == "windows" {
		if dir, err := os.UserConfigDir(); err == nil {
			return filepath.Join(dir, "cnalab")
		}
		return ""
	}
	if home, err := os.UserHomeDir(); err == nil && filepath.IsAbs(home) {
		return filepath.Join(home, ".local", "share", "cnalab")
	}
	return ""
}

// log returns where the program writes what is not for a person.
func (o *options) log(w io.Writer) *slog.Logger {
	level := slog.LevelWarn
	if o.verbose {
		level = slog.LevelDebug
	}
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: level}))
}

// find finds the project's own folders.
func (o *options) find() (project.Project, error) {
	found, err := project.Find(o.labs)
	return found, asMisuse(err, labs.BadInput)
}

// noVerb turns down words that are no verb.
func noVerb(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	next := fmt.Sprintf("`%s --help` lists the verbs.", c.CommandPath())
	c.SuggestionsMinimumDistance = 2 // letters
	if near := c.SuggestionsFor(args[0]); len(near) > 0 {
		next = fmt.Sprintf("Did you mean `%s %s`? %s", c.CommandPath(), near[0], next)
	}
	return usage(fmt.Sprintf("There is no verb %q.", args[0]), next)
}
