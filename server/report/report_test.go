package report

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cnalab/labs"
)

var update = flag.Bool("update", false, "write the golden files anew")

// sample has each verdict, and each part of a report once.
func sample() labs.Report {
	r := labs.Report{Lab: "event-driven", Steps: []labs.StepReport{
		{Step: 1, Title: "Publish", Checks: []labs.CheckReport{
			{Name: "TestStep01_A", Title: "Each order is published", Verdict: labs.Passed, MS: 120},
		}},
		{Step: 2, Title: "React & answer", Checks: []labs.CheckReport{
			{Name: "TestStep02_A", Title: "Stock moves once", Verdict: labs.NotYet, Say: "Stock moved <twice>.",
				Got: "8", Want: "9", At: "product/consumer.go:41", Next: "Look there.", MS: 2345},
			{Name: "TestStep02_B", Title: "In order", Verdict: labs.NotYet, Say: "The order is wrong.",
				Got: "order 1\norder 3\norder 2", Want: "order 1\norder 2", MS: 7},
			{Name: "TestStep02_C", Title: "Long", Verdict: labs.NotYet, Say: "Too long.", Got: strings.Repeat("g", 60), Want: "w\nw"},
			{Name: "TestStep02_D", Verdict: labs.CouldNotCheck, Say: "order does not build.", Output: "main.go:1: no\nmain.go:2: \x1b[31mno"},
		}},
		{Step: 9, Checks: []labs.CheckReport{{Verdict: labs.CouldNotCheck, Say: "Lab event-driven has no step 9."}}},
	}}
	r.Conclude()
	return r
}

func TestFormats(t *testing.T) {
	for file, write := range map[string]func(io.Writer, []labs.Report) error{
		"report.txt": Text, "report.ko.txt": TextIn("ko"), "report.json": JSON, "report.xml": JUnit,
	} {
		var got bytes.Buffer
		if err := write(&got, []labs.Report{sample()}); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join("testdata", "golden", file)
		if *update {
			if err := os.WriteFile(path, got.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got.String()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", file, diff)
		}
	}
}

func TestJSONIsReadBack(t *testing.T) {
	var one, two bytes.Buffer
	if err := JSON(&one, []labs.Report{sample()}); err != nil {
		t.Fatal(err)
	}
	if err := JSON(&two, []labs.Report{sample(), sample()}); err != nil {
		t.Fatal(err)
	}
	var report labs.Report
	var list []labs.Report
	if err := json.Unmarshal(one.Bytes(), &report); err != nil {
		t.Error(err)
	}
	if err := json.Unmarshal(two.Bytes(), &list); err != nil || len(list) != 2 {
		t.Errorf("%d reports, %v", len(list), err)
	}
	if diff := cmp.Diff(sample(), report); diff != "" {
		t.Errorf("read back (-want +got):\n%s", diff)
	}
}

func TestJUnitCounts(t *testing.T) {
	var out bytes.Buffer
	if err := JUnit(&out, []labs.Report{sample()}); err != nil {
		t.Fatal(err)
	}
	var read suites
	if err := xml.Unmarshal(out.Bytes(), &read); err != nil {
		t.Fatal(err)
	}
	two := read.Suites[1]
	if two.Tests != 4 || two.Failures != 3 || two.Errors != 1 || two.Time != "2.352" {
		t.Errorf("suite %+v", two)
	}
}

func TestWriterThatIsFull(t *testing.T) {
	for name, write := range map[string]func(io.Writer, []labs.Report) error{"text": Text, "json": JSON, "junit": JUnit} {
		if err := write(full{}, []labs.Report{sample()}); err == nil {
			t.Errorf("%s: a full disk is not told", name)
		}
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, io.ErrShortWrite }
