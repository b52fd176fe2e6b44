// Package labs holds the nouns of the project: a lab and its steps, a verdict
// and its report, a problem a person can act on. Everybody may know it, and it
// knows nobody: how a lab's folder is read and what is wrong with it is told in
// the packages below it, load and lint.
package labs

import (
	"regexp"
	"strings"
)

// Lab is one folder below labs/ whose name starts with digits.
type Lab struct {
	ID      string // the folder's name without its number: "event-driven"
	Number  string // the digits it starts with: "040"; order, not identity
	Folder  string // the folder's name: "040-event-driven"
	Dir     string // where the folder is, an absolute path
	Name           // in English
	Korean  Name   // empty where it is not translated
	Minutes int    // how long it takes a learner
	Parts   []Part // what its sandbox is made of, in lab.yaml's order
	Half    Half   // which half of the course it belongs to
	Map     Map    // what it adds to the map of the shop
	Planned bool   // described, but not yet written: it has no steps
	Steps   []Step // in order, numbered from 1 without gaps
	// Sentences are what its checks say in other languages than English.
	Sentences map[string]Translator
}

// Name is what people know a lab by, in one language.
type Name struct {
	Title   string `yaml:"title" jsonschema:"minLength=1" jsonschema_description:"What the lab teaches, in two or three words."`
	Summary string `yaml:"summary" jsonschema:"minLength=1" jsonschema_description:"What a learner does, in one sentence."`
}

// In returns the lab's name in a language, in English where it has no other.
func (l *Lab) In(language string) Name {
	if language == "ko" && l.Korean != (Name{}) {
		return l.Korean
	}
	return l.Name
}

// Step is one thing to do, and the checks that look whether it is done.
type Step struct {
	Number int             // from 1
	Slug   string          // "publish", from steps/01-publish.md
	Texts  map[string]Text // by language: "en" always, "ko" where it is translated
	Checks []Check         // the tests whose names start with TestStepNN_
}

// Text is a step in one language.
type Text struct {
	Title string // the first heading
	Body  string // Markdown between the title and the hints
	Hints []Hint // each ### below ## Hints

	Commands []Command // all that it offers to run, hints included
}

// Command is a block of commands in a text, which a page offers to run.
type Command struct {
	Lines []Line // as one types them, without prompts and what was answered
}

// Line is one line of a text.
type Line struct {
	Number int // in its file, from 1
	Text   string
}

// Placeholder is what a learner fills in before a command is run.
var Placeholder = regexp.MustCompile(`\bYOUR-[A-Z][A-Z0-9-]*`)

// String is the block as one types it.
func (c Command) String() string {
	var all strings.Builder
	for _, line := range c.Lines {
		all.WriteString(line.Text + "\n")
	}
	return all.String()
}

// Hint is one nudge, shown when the learner asks for it.
type Hint struct {
	Title string
	Body  string // Markdown
}

// Check is one Go test that looks at the learner's work.
type Check struct {
	Name  string // "TestStep01_OrderPlacedIsPublished"
	Title string // the first sentence of the test's comment, or the name as words
}

// Step returns the step with that number, or nil.
func (l *Lab) Step(number int) *Step {
	if number < 1 || number > len(l.Steps) {
		return nil
	}
	return &l.Steps[number-1]
}

// In returns the step's text in the language, or in English where it is not
// translated.
func (s *Step) In(language string) Text {
	if text, ok := s.Texts[language]; ok {
		return text
	}
	return s.Texts["en"]
}
