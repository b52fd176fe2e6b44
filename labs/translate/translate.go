// Package translate says in Korean what checks say in English, where it is shown:
// a lab's own sentences by its checks/ko.yaml, and those that are no lab's, of
// package check and of the program, by the file beside this one. It also finds in
// Go source which sentences there are, and tells of which English a translated text
// is. It knows nothing of who shows a sentence, nor of how it came there.
package translate

import (
	_ "embed"
	"errors"
	"io/fs"
	"maps"
	"path/filepath"
	"sync"

	"github.com/goccy/go-yaml"

	"cnalab/labs/textfile"
)

// File is the file of a lab's folder that has its checks' sentences in Korean, a
// map from the English format.
const File = "checks/ko.yaml"

//go:embed ko.yaml
var common []byte

// Common are the sentences that are no lab's, in Korean by their English formats.
func Common() (map[string]string, error) { return parse(common) }

// korean has the sentences that are no lab's.
var korean = sync.OnceValue(func() *Table {
	all, _ := Common()
	return NewTable(all)
})

// In is a sentence that is no lab's in a language, and in English where it has no
// other.
func In(language, english string) string {
	if language != "ko" || english == "" {
		return english
	}
	return korean().Translate(english)
}

// Lab reads the lab's own sentences in Korean; there are none where it has no such
// file.
func Lab(dir string) (map[string]string, error) {
	text, err := textfile.Read(filepath.Join(dir, filepath.FromSlash(File)), textfile.MaxFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return parse(text)
}

// Korean has all that the lab's checks may say. Of a file that cannot be read
// package lint tells: its sentences stay English.
func Korean(dir string) *Table {
	all, _ := Common()
	own, _ := Lab(dir)
	maps.Copy(all, own)
	return NewTable(all)
}

func parse(text []byte) (map[string]string, error) {
	all := map[string]string{}
	err := yaml.UnmarshalWithOptions(text, &all, yaml.Strict())
	return all, err
}
