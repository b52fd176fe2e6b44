// Command stress uses a real server hard and tells what it did not stand: chaos
// kills processes of ours at any moment, soak has many tabs work for long. It
// sees the server as a browser and a system's table of processes do, and knows
// nothing of what is inside.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/cobra"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	root := &cobra.Command{Use: "stress", Short: "Use a server hard", SilenceUsage: true}
	root.AddCommand(chaosCommand(), soakCommand())
	if err := root.ExecuteContext(ctx); err != nil {
		os.Exit(1)
	}
}

func chaosCommand() *cobra.Command {
	var c chaos
	command := &cobra.Command{
		Use:   "chaos",
		Short: "Kill processes of ours while learners work: nothing acknowledged may be lost, no verdict wrong, nothing left",
		Args:  cobra.NoArgs,
		RunE:  func(command *cobra.Command, _ []string) error { return c.run(command.Context()) },
	}
	command.Flags().IntVar(&c.kills, "kills", 1000, "how many processes are killed")
	command.Flags().Uint64Var(&c.seed, "seed", 1, "what is killed when: the same seed chooses the same")
	command.Flags().DurationVar(&c.most, "for", 3*time.Hour, "end after that long, whatever was killed by then")
	return command
}

func soakCommand() *cobra.Command {
	var s soak
	command := &cobra.Command{
		Use:   "soak",
		Short: "Have tabs work for long: memory, goroutines, files and processes at the end as at the start",
		Args:  cobra.NoArgs,
		RunE:  func(command *cobra.Command, _ []string) error { return s.run(command.Context()) },
	}
	command.Flags().IntVar(&s.tabs, "tabs", 20, "how many work at a time")
	command.Flags().DurationVar(&s.time, "for", time.Hour, "for how long")
	return command
}

func say(format string, args ...any) {
	fmt.Printf("%s  %s\n", time.Now().Format("15:04:05"), fmt.Sprintf(format, args...))
}
