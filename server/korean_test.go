package main_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"cnalab/labs/translate"
)

// speakers are the folders whose sentences a learner or a grader may read, beside
// those of labs; what is below them speaks too.
var speakers = []string{"../labs", "../server/grade", "../server/session", "../server/sandbox", "../server/site", "../server/workspaces", "../server/terminal",
	"../server/progress", "../server/library", "../server/doctor", "../server/handin", "../server/verify"}

// silent are folders below them of which a learner reads nothing in a verdict: labs
// have their own file, authors and tests read English.
var silent = regexp.MustCompile(`/(testdata|\d{3}-[^/]+|lint|load|manifest|textfile|scaffold|labtest|checktest|sandboxtest|fake)$`)

// TestOurSentencesAreInKorean looks that what the program may say in a verdict, on a
// page, and of a machine and a hand-in has its Korean, and that there is no Korean of what it does not say.
func TestOurSentencesAreInKorean(t *testing.T) {
	common, err := translate.Common()
	if err != nil {
		t.Fatal(err)
	}
	var sources []*translate.Source
	set := token.NewFileSet()
	for _, files := range packageFiles(t, set) {
		source := translate.Read(files)
		sources = append(sources, source)
		for _, said := range source.Said("fix", "note", "notes", "notice", "notices", "failed", "what", "doing") {
			if common[said.Text] == "" {
				t.Errorf("%s: %q is not in labs/translate/ko.yaml", set.Position(said.Pos), said.Text)
				common[said.Text] = said.Text
			}
		}
	}
	for _, english := range slices.Sorted(maps.Keys(common)) {
		if !slices.ContainsFunc(sources, func(s *translate.Source) bool { return s.Has(english) }) {
			t.Errorf("nobody says %q", english)
		}
		if translate.Vague(english) || !translate.Fits(english, common[english]) {
			t.Errorf("%q does not fit %q", common[english], english)
		}
	}
}

// packageFiles are the speakers' files that are no tests, by folder.
func packageFiles(t *testing.T, set *token.FileSet) map[string][]*ast.File {
	t.Helper()
	all := map[string][]*ast.File{}
	read := func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && silent.MatchString(filepath.ToSlash(path)):
			return fs.SkipDir
		case entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		file, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
		all[filepath.Dir(path)] = append(all[filepath.Dir(path)], file)
		return err
	}
	for _, speaker := range speakers {
		if err := filepath.WalkDir(speaker, read); err != nil {
			t.Fatal(err)
		}
	}
	return all
}
