package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"cnalab/labs"
)

// suites is JUnit's form: a suite for each step, a case for each check.
type suites struct {
	XMLName xml.Name `xml:"testsuites"`
	Suites  []suite  `xml:"testsuite"`
}

type suite struct {
	Name     string     `xml:"name,attr"`
	Tests    int        `xml:"tests,attr"`
	Failures int        `xml:"failures,attr"` // not yet
	Errors   int        `xml:"errors,attr"`   // could not check
	Time     string     `xml:"time,attr"`
	Cases    []testCase `xml:"testcase"`
	Notes    string     `xml:"system-out,omitempty"`
}

type testCase struct {
	Class   string `xml:"classname,attr"`
	Name    string `xml:"name,attr"`
	Time    string `xml:"time,attr"`
	Failure *fault `xml:"failure"`
	Error   *fault `xml:"error"`
}

type fault struct {
	Type    string `xml:"type,attr"`
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// JUnit writes the reports in the form CI servers read: not yet is a
// failure, could not check is an error.
func JUnit(w io.Writer, reports []labs.Report) error {
	var all suites
	for _, r := range reports {
		for _, s := range r.Steps {
			all.Suites = append(all.Suites, junitSuite(r.Lab, s))
		}
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	encoder := xml.NewEncoder(w)
	encoder.Indent("", "  ")
	if err := encoder.Encode(all); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func junitSuite(lab string, s labs.StepReport) suite {
	one := suite{Name: strings.TrimSpace(fmt.Sprintf("%s/%d %s", lab, s.Step, s.Title)), Tests: len(s.Checks)}
	var ms int64
	for _, c := range s.Checks {
		ms += c.MS
		tc := testCase{Class: fmt.Sprintf("%s.step%02d", lab, s.Step), Name: english.titleOf(c), Time: seconds(c.MS)}
		switch c.Verdict {
		case labs.Passed:
		case labs.NotYet:
			one.Failures++
			tc.Failure = junitFault(c)
		default:
			one.Errors++
			tc.Error = junitFault(c)
		}
		one.Cases = append(one.Cases, tc)
	}
	one.Time, one.Notes = seconds(ms), strings.Join(s.Notes, "\n")
	return one
}

func junitFault(c labs.CheckReport) *fault {
	var text strings.Builder
	english.writeDetails(&text, c, "")
	return &fault{Type: string(c.Verdict), Message: c.Say, Text: text.String()}
}

func seconds(ms int64) string { return fmt.Sprintf("%.3f", float64(ms)/1000) }
