package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"cnalab/labs"
	"cnalab/server/signature"
)

func signatureCommand() *cobra.Command {
	c := &cobra.Command{
		Use:     "signature",
		Short:   "Make the key that signs reports, and check what was signed with it",
		Example: "  cnalab signature new ~/instructor.pem\n  cnalab verify 040 --workspace ~/handed-in/kim --format json --key ~/instructor.pem > kim.json\n  cnalab signature check kim.json --key ~/instructor.pem.pub --workspace ~/handed-in/kim",
		Args:    noVerb,
		RunE:    func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(newKeyCommand(), checkSignatureCommand())
	return c
}

func newKeyCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "new FILE",
		Short: "Make a key (Ed25519, PEM), and its public half in FILE.pub",
		Long: "Makes a key that verify --key signs reports with. Keep FILE to yourself; whoever\n" +
			"has FILE.pub can check what you have signed.",
		Example: "  cnalab signature new ~/instructor.pem",
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage("New takes the file that the key will be in.", "Name it: signature new FILE.")
			}
			pub, err := signature.NewKey(args[0])
			if err != nil {
				return asMisuse(err, labs.BadInput)
			}
			fmt.Fprintf(c.OutOrStdout(), "%s signs, and is yours alone.\n%s is for those who check what you have signed.\n", args[0], pub)
			return nil
		},
	}
}

func checkSignatureCommand() *cobra.Command {
	var key, workspace string
	c := &cobra.Command{
		Use:   "check REPORT",
		Short: "Say whether a report is as the owner of a key has signed it",
		Long: "Reads what verify --format json --key wrote, and says of each report what it says.\n" +
			"With --workspace it says too whether that is the work that was checked. Exits with\n" +
			"1 where the report is another one, or the work is.",
		Example: "  cnalab signature check kim.json --key ~/instructor.pem.pub\n  cnalab signature check kim.json --key ~/instructor.pem.pub --workspace ~/handed-in/kim",
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) != 1 || key == "" {
				return usage("Check takes a report, and the key that it was signed with.", "Name both: signature check REPORT --key FILE.pub.")
			}
			reports, err := signed(args[0], key)
			if err != nil {
				return err
			}
			return tell(c.OutOrStdout(), reports, workspace)
		},
	}
	c.Flags().StringVar(&key, "key", "", "the public key, in `FILE`")
	c.Flags().StringVar(&workspace, "workspace", "", "the work that should be the one that was checked, in `DIR`")
	return c
}

// signed reads the reports of a file, where they are as the key's owner signed
// them.
func signed(file, key string) ([]labs.Report, error) {
	public, err := signature.Public(key)
	if err != nil {
		return nil, asMisuse(err, labs.BadInput)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, usage(fmt.Sprintf("The report %s cannot be read.", file), "Name the file that verify --format json wrote.")
	}
	return signature.Check(text, public)
}

// tell says what the reports say, and whether they are about the work.
func tell(w io.Writer, reports []labs.Report, workspace string) error {
	for _, r := range reports {
		fmt.Fprintf(w, "%s: %s, checked at %s, isolation: %s\n", r.Lab, r.Verdict, r.At.Format(time.RFC3339), r.Isolation)
		for _, s := range r.Steps {
			fmt.Fprintf(w, "  step %d: %s\n", s.Step, s.Verdict)
		}
	}
	if workspace == "" {
		return nil
	}
	digest, err := signature.Digest(workspace)
	if err != nil {
		return unreadableWork(err)
	}
	for _, r := range reports {
		if r.Digests == nil || r.Digests.Workspace != digest {
			return &labs.Problem{Kind: labs.BadInput, Say: fmt.Sprintf("%s is not the work that was checked.", workspace),
				Next: "Name what was handed in, as it was; or verify this and sign that report."}
		}
	}
	fmt.Fprintf(w, "%s is the work that was checked.\n", workspace)
	return nil
}
