package load

import (
	"errors"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strconv"

	"cnalab/labs"
	"cnalab/labs/textfile"
	"cnalab/labs/translate"
)

// stepFile is the form of a step text's name: number, slug, maybe a language.
var stepFile = regexp.MustCompile(`^(\d{2})-([a-z0-9]+(?:-[a-z0-9]+)*)(?:\.([a-z]{2}))?\.md$`)

// StepText is one file of steps/.
type StepText struct {
	labs.Text
	File     string // with the lab's folder in front
	Source   string
	Step     int
	Slug     string
	Language string
	English  string // which English it was translated from; see translate.Sum
}

// IsStepFile reports whether a file of steps/ is named as a step's text is.
func IsStepFile(name string) bool { return stepFile.MatchString(name) }

// Texts reads the step texts of a lab's folder in order of their names.
func Texts(dir string) ([]StepText, []labs.Violation) {
	entries, err := os.ReadDir(filepath.Join(dir, "steps"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, []labs.Violation{{File: path.Join(filepath.Base(dir), "steps"), Rule: "steps are readable", Fix: err.Error()}}
	}
	var texts []StepText
	var found []labs.Violation
	for _, entry := range entries {
		parts := stepFile.FindStringSubmatch(entry.Name())
		if parts == nil {
			continue // a stray file; package lint tells of it
		}
		file := path.Join(filepath.Base(dir), "steps", entry.Name())
		source, err := textfile.Read(filepath.Join(dir, "steps", entry.Name()), textfile.MaxStep)
		if err != nil {
			found = append(found, textfile.Violation(file, err))
			continue
		}
		number, _ := strconv.Atoi(parts[1])
		language := parts[3]
		if language == "" {
			language = "en"
		}
		english, text := translate.Cut(string(source))
		texts = append(texts, StepText{parseText(text), file, string(source), number, parts[2], language, english})
	}
	return texts, found
}
