package check

import (
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"testing"

	"cnalab/labs"
)

// subjects are checks for tests to look at. A check that disagrees fails its
// test, so each runs in a process of its own; see said.
var subjects = map[string]func(c *C){}

const subjectName = "CHECK_SUBJECT"

// TestSubject is what said starts; by itself it does nothing.
func TestSubject(t *testing.T) {
	if subject := subjects[os.Getenv(subjectName)]; subject != nil {
		subject(New(t))
	}
}

// said runs the subject and returns what it said of the work.
func said(t *testing.T, subject string) Said {
	t.Helper()
	if subjects[subject] == nil {
		t.Fatalf("there is no subject %q", subject)
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestSubject$", "-test.v")
	cmd.Env = append(os.Environ(), subjectName+"="+subject)
	out, err := cmd.CombinedOutput()
	last := Said{Verdict: labs.Passed}
	for line := range strings.Lines(string(out)) {
		if _, finding, found := strings.Cut(line, " "+Attribute+" "); found {
			if err := json.Unmarshal([]byte(finding), &last); err != nil {
				t.Fatal(err)
			}
		}
	}
	if (err == nil) != (last.Verdict == labs.Passed) {
		t.Fatalf("the subject ended with %v and said %+v:\n%s", err, last, out)
	}
	return last
}

func init() {
	subjects["seen and passed"] = func(c *C) { c.Saw(Finding{Say: "It took 2 ms.", Output: "a picture"}) }
}

func TestSawIsSaidAndPasses(t *testing.T) {
	if got := said(t, "seen and passed"); got.Verdict != labs.Passed || got.Say != "It took 2 ms." || got.Output != "a picture" {
		t.Errorf("got %+v", got)
	}
}
