package manifest

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"cnalab/labs"
)

// partName is the form of the name of a part, and of a database.
var partName = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)

// IsPartName reports whether a part may have the name.
func IsPartName(name string) bool { return partName.MatchString(name) }

// inspection is a lab.yaml while it is looked through.
type inspection struct {
	m     *Manifest
	found []labs.Violation
}

func (in *inspection) add(line int, value, rule, fix string) {
	in.found = append(in.found, labs.Violation{File: in.m.file, Line: line, Value: value, Rule: rule, Fix: fix})
}

// Offered tells what lab.yaml must say before the lab can be offered to a
// learner and does not: the rest an author may still write.
func (m *Manifest) Offered() []labs.Violation {
	if !m.Parsed() {
		return nil // which Read has told
	}
	in := &inspection{m: m}
	in.words("title", m.Title, "Say in two or three words what the lab teaches.")
	in.korean()
	in.parts()
	return in.found
}

// Validate tells every rule that lab.yaml breaks by itself.
func (m *Manifest) Validate() []labs.Violation {
	if !m.Parsed() {
		return nil
	}
	in := &inspection{m: m, found: m.Offered()}
	in.words("summary", m.Summary, "Say in one sentence what a learner does.")
	if m.Minutes < 5 || m.Minutes > 120 {
		in.add(m.Line("minutes"), fmt.Sprint(m.Minutes), "minutes is how long a learner takes, 5 to 120",
			"Write minutes: 30, or what a trial run took.")
	}
	in.half()
	return in.found
}

// korean wants a translation to be whole.
func (in *inspection) korean() {
	name := in.m.Korean
	if in.m.Line("ko") > 0 && (strings.TrimSpace(name.Title) == "" || strings.TrimSpace(name.Summary) == "") {
		in.add(in.m.Line("ko"), name.Title, "ko has a title and a summary",
			"Write both below ko, or leave ko out: the page then shows the English ones.")
	}
}

func (in *inspection) words(key, value, fix string) {
	if strings.TrimSpace(value) == "" {
		in.add(in.m.Line(key), value, "lab.yaml has a "+key, fix)
	}
}

func (in *inspection) half() {
	if half := in.m.Half; half != labs.HalfBuild && half != labs.HalfRun {
		in.add(in.m.Line("half"), string(half), "half is the half of the course that the lab belongs to",
			"Write half: build, or half: run where it ships and runs what is built.")
	}
}

// kindNames joins the kinds for a message.
func kindNames() string {
	names := slices.Sorted(maps.Keys(labs.PartKinds))
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " or " + names[last]
}
