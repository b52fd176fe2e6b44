// Package textfile reads the files of text that an author writes: ordinary
// ones, of a size that a page can show, in UTF-8. It knows nothing of what they
// say.
package textfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"unicode/utf8"

	"cnalab/labs"
)

// What a file may have, in bytes.
const (
	MaxStep = 200_000   // a step's text
	MaxFile = 1_000_000 // any other file of a lab
)

// Broken is why a file cannot be taken as an author's text.
type Broken struct{ labs.Violation }

func (b *Broken) Error() string { return b.Rule + ". " + b.Fix }

// Read returns the text of at most so many bytes, without a byte order mark. Its
// error is a *Broken, or the system's.
func Read(path string, most int64) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if err := Ordinary(info, most); err != nil { // before it is opened: whoever opens a pipe waits
		return nil, err
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, most)) // it may have grown
	if err != nil {
		return nil, err
	}
	text = bytes.TrimPrefix(text, []byte("\uFEFF"))
	if !utf8.Valid(text) {
		return nil, &Broken{labs.Violation{Line: invalid(text), Rule: "a lab's texts are in UTF-8", Fix: "Save the file as UTF-8."}}
	}
	return text, nil
}

// Ordinary is nil for a file that can be read to its end, of at most so many bytes.
func Ordinary(info os.FileInfo, most int64) error {
	switch {
	case !info.Mode().IsRegular():
		return &Broken{labs.Violation{Rule: "a lab holds ordinary files", Fix: "Put a file there that has its text in it."}}
	case info.Size() > most:
		return &Broken{labs.Violation{Rule: fmt.Sprintf("a file like this has at most %d kB", most/1000),
			Fix: fmt.Sprintf("It has %d kB: take something out.", info.Size()/1000)}}
	}
	return nil
}

// invalid is the first line that is not UTF-8.
func invalid(text []byte) int {
	for i, line := range bytes.Split(text, []byte("\n")) {
		if !utf8.Valid(line) {
			return i + 1
		}
	}
	return 0
}

// Violation tells of an error of Read; file is named with the lab's folder in
// front.
func Violation(file string, err error) labs.Violation {
	if broken, ok := errors.AsType[*Broken](err); ok {
		v := broken.Violation
		v.File = file
		return v
	}
	return labs.Violation{File: file, Rule: "a lab's files are readable", Fix: labs.Sentence(err.Error())}
}
