// Package checktest lets the tests of package check, and of the packages below
// it, see what a check says of the work. It knows nothing of what they look at.
package checktest

import (
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"testing"

	"cnalab/labs"
	"cnalab/labs/check"
)

// Subjects are checks for tests to look at, by name; a package's tests add
// theirs when they are initialized. A check that disagrees fails its test, so
// each runs in a process of its own; see Result.
var Subjects = map[string]func(c *check.C){}

const subjectName = "CHECK_SUBJECT"

// RunSubject is all of a package's TestSubject, which Result starts; by itself
// it does nothing.
func RunSubject(t *testing.T) {
	if subject := Subjects[os.Getenv(subjectName)]; subject != nil {
		subject(check.New(t))
	}
}

// Result runs the subject and returns what its checks found.
func Result(t *testing.T, subject string) check.Result {
	t.Helper()
	if Subjects[subject] == nil {
		t.Fatalf("there is no subject %q", subject)
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestSubject$", "-test.v")
	cmd.Env = append(os.Environ(), subjectName+"="+subject)
	out, err := cmd.CombinedOutput()
	last := check.Result{Verdict: labs.Passed}
	for line := range strings.Lines(string(out)) {
		if _, finding, found := strings.Cut(line, " "+check.Attribute+" "); found {
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
