//go:build lab

package checks

import (
	"os"
	"strings"
	"testing"

	"cnalab/labs"
	"cnalab/labs/check"
)

// The workspace and the probes can be read. This sentence is not shown.
func TestStep01_Passes(t *testing.T) {
	c := check.New(t)
	_, err := os.ReadFile("testdata/probe.txt")
	c.Must(err, "The probe is not readable.")
	_, err = os.ReadFile(os.Getenv(labs.EnvWorkspace) + "/note.txt")
	c.Must(err, "The workspace is not readable.")
	if os.Getenv("KAFKA") != "127.0.0.1:9" || os.Getenv("GOPROXY") != "off" {
		t.Fatal("the environment is not there")
	}
}

// Each order is published once.
func TestStep01_NotYet(t *testing.T) {
	t.Log("a line for the author")
	check.New(t).NotYet(check.Finding{
		Say: "The order was published twice.", Got: 2, Want: 1,
		At: "order/outbox.go:41", Next: "Look at where you publish.", Output: "published 7\npublished 7",
	})
}

// The finding is longer than one event.
func TestStep01_Long(t *testing.T) {
	check.New(t).NotYet(check.Finding{Say: "A long one.", Got: strings.Repeat("é", 3000), Want: "short"})
}

// The finding is longer than all that is kept.
func TestStep01_Longer(t *testing.T) {
	check.New(t).NotYet(check.Finding{Say: "A longer one.", Output: strings.Repeat("0123456789abcde\n", 6000)})
}

func TestStep01_CouldNotCheckAtAll(t *testing.T) {
	check.New(t).CouldNotCheck(check.Finding{Say: "Kafka did not answer.", Next: "Open the sandbox again."})
}

// A finding below a subtest is the check's own.
func TestStep01_Below(t *testing.T) {
	t.Run("first", func(t *testing.T) {})
	t.Run("second", func(t *testing.T) { check.New(t).NotYet(check.Finding{Say: "The second is wrong."}) })
}

// The first word counts.
func TestStep01_First(t *testing.T) {
	c := check.New(t)
	t.Cleanup(func() { c.NotYet(check.Finding{Say: "The second word."}) })
	c.NotYet(check.Finding{Say: "The first word."})
}

// A failure without a finding proves nothing.
func TestStep01_Silent(t *testing.T) {
	print("no newline")
	t.Error("the author's own words")
}

// A skipped check proves nothing.
func TestStep01_Skipped(t *testing.T) { t.Skip("not today") }

// A failed test cannot say that it passed.
func TestStep01_Forged(t *testing.T) {
	t.Attr(check.Attribute, `{"verdict":"passed","say":"All is well."}`)
	t.FailNow()
}

func TestStep01_PassesAndShows(t *testing.T) {
	check.New(t).Saw(check.Finding{Say: "A chain takes 40 ms, publishing 2 ms.", Output: "chain ████\ngo    ▌"})
}
