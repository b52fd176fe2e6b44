package main_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// private are words that this project once had for what the field calls
// otherwise. They are nobody else's, so that no reader could guess them.
var private = []string{
	"box", "ground", "slot", "seat", "sit", "carry", "relay", "door", "pen", "inmates", "born", "world", "shelf", "spare",
	"lease", "insist", "journal", "keeper", "desk", "lay", "catchup", "kitchen", "cook", "wish", "unpaused", "absent", "excess",
	"patrol", "patience", "abreast", "rail",
}

// known are names that others have given: SVG's attribute, and systemd's journal.
var known = []string{"viewBox", "nodeJournal"}

// TestNamesAreTheFields fails where a private word is declared again.
func TestNamesAreTheFields(t *testing.T) {
	for _, folder := range []string{"../server", "../web", "../fixtures", "../labs"} {
		err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case d.IsDir() && (foreign[d.Name()] || path != folder && isLab(d.Name())):
				return filepath.SkipDir
			case d.IsDir() || filepath.Ext(path) != ".go":
				return nil
			}
			checkNames(t, path)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// foreign are folders whose names are others': what tests read, and what labs
// give to learners.
var foreign = map[string]bool{"testdata": true, "node_modules": true, "workspace": true, "solution": true, "dist": true}

func isLab(folder string) bool { return folder[0] >= '0' && folder[0] <= '9' }

func checkNames(t *testing.T, path string) {
	t.Helper()
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Error(err)
		return
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if id, is := n.(*ast.Ident); is && !slices.Contains(known, id.Name) {
			for _, word := range words(id.Name) {
				if slices.Contains(private, word) {
					t.Errorf("%s: %s is named in a private word, %q", set.Position(id.Pos()), id.Name, word)
				}
			}
		}
		return true
	})
}

// words are those of a Go name, in lower case.
func words(name string) []string {
	var spaced strings.Builder
	for i, r := range name {
		if unicode.IsUpper(r) && i > 0 {
			spaced.WriteByte(' ')
		}
		spaced.WriteRune(unicode.ToLower(r))
	}
	return strings.Fields(strings.ReplaceAll(spaced.String(), "_", " "))
}
