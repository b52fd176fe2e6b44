// Command cnalab serves the labs, grades them and helps to write them. This
// file has the flags, the signals and the exit codes; each verb has a file of
// its own. It is longer than other packages because the verbs share their flags
// and what is wired for them, and are short once that is there.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"cnalab/labs/process"
	"cnalab/server/console"
	"cnalab/server/sandbox/cleanup"
)

// echo is how long after a signal another one means the same: timeout(1) sends
// it to the program and then to its group, a shell and a terminal may both.
const echo = 500 * time.Millisecond

func main() {
	cleanup.ReaperMain(abandoned)
	findHome()
	process.RaiseOpenFiles()
	ctx, stop := signal.NotifyContext(context.Background(), endings()...)
	context.AfterFunc(ctx, func() {
		time.Sleep(echo)
		stop() // the next Ctrl-C ends the program at once
	})
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	process.RemoveTemp()
	os.Exit(code)
}

// endings are the signals that end the program in good order. One that was
// ignored when the program started, as by nohup, stays ignored.
func endings() []os.Signal {
	end := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		end = append(end, syscall.SIGHUP)
	}
	return end
}

// run does one command and returns what to exit with.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	root := command()
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	return exitCode(ctx, stderr, root.ExecuteContext(ctx))
}

func command() *cobra.Command {
	o := &options{}
	serve := serveCommand(o)
	root := &cobra.Command{
		Use:           "cnalab",
		Short:         "Labs on cloud-native architecture, in your browser",
		Long:          "Labs on cloud-native architecture: real parts, your code, checks that tell.\nWithout a verb it serves the labs.",
		Example:       "  cnalab\n  cnalab verify 040/2\n  cnalab doctor",
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          noVerb,
		RunE:          serve.RunE,
	}
	root.Flags().AddFlagSet(serve.Flags())
	root.AddCommand(signatureCommand())
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return usage(console.Sentence(err.Error()), fmt.Sprintf("`%s --help` lists the flags.", c.CommandPath()))
	})
	o.register(root)
	root.AddCommand(serve, verifyCommand(o), handinCommand(o), labsCommand(o), doctorCommand(o))
	return root
}
