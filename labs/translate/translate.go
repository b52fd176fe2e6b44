// Package translate reads what checks say in other languages than English: a
// lab's own sentences from checks/ko.yaml, and those that are no lab's, of package
// check and of the program, from the file beside this one. It knows nothing of
// how a sentence is made, and nothing of the steps' texts.
package translate

import (
	_ "embed"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"

	"github.com/goccy/go-yaml"

	"cnalab/labs"
)

// File is the file of a lab's folder that has its checks' sentences in Korean, a
// map from the English format.
const File = "checks/ko.yaml"

//go:embed ko.yaml
var common []byte

// Common are the sentences that are no lab's, in Korean.
func Common() (labs.Translations, error) { return parse(common) }

// Lab reads the lab's own sentences in Korean; there are none where it has no such
// file.
func Lab(dir string) (labs.Translations, error) {
	text, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(File)))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return parse(text)
}

// Sentences are all that the lab's checks may say, by language. Of a file that
// cannot be read package lint tells: its sentences stay English.
func Sentences(dir string) map[string]labs.Translations {
	korean := labs.Translations{}
	for _, read := range []func() (labs.Translations, error){Common, func() (labs.Translations, error) { return Lab(dir) }} {
		some, err := read()
		if err == nil {
			maps.Copy(korean, some)
		}
	}
	return map[string]labs.Translations{"ko": korean}
}

func parse(text []byte) (labs.Translations, error) {
	var all labs.Translations
	err := yaml.UnmarshalWithOptions(text, &all, yaml.Strict())
	return all, err
}
