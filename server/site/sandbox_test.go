package site_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"cnalab/labs"
	"cnalab/server/sandbox"
)

// Why a sandbox did not open, and what to do, is said wherever one looks for it.
func TestAFailedSandboxSaysWhyAndWhatNext(t *testing.T) {
	r := newRig(t)
	server := httptest.NewServer(r)
	t.Cleanup(server.Close)
	r.session.change(func() {
		r.session.status = sandbox.Status{Phase: sandbox.Failed, Provider: "embedded", Problem: &labs.Problem{
			Kind: labs.Machine, Say: "Postgres did not start.", Next: "Free some space.", Detail: "No space left on device",
		}}
	})
	_, page := ask(t, server, "GET", "/labs/event-driven/steps/1")
	for _, piece := range []string{"status", "stages", "parts"} {
		_, rest, found := strings.Cut(page, `id="`+piece+`"`)
		rest, _, _ = strings.Cut(rest, "outerMorph")
		if !found || !strings.Contains(rest, "Postgres did not start.") {
			t.Errorf("%s does not say it: %s", piece, rest)
		}
		if piece != "status" && !strings.Contains(rest, "Free some space.") {
			t.Errorf("%s does not say what to do: %s", piece, rest)
		}
	}
	if !strings.Contains(page, "No space left on device") || !strings.Contains(page, "Open it again") {
		t.Error("there are no lines of what failed, or no way to try again")
	}
}
