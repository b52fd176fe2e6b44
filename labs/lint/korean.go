package lint

import (
	"fmt"
	"go/ast"
	"maps"
	"path"
	"slices"
	"strings"

	"cnalab/labs"
	"cnalab/labs/load"
	"cnalab/labs/manifest"
	"cnalab/labs/translate"
)

// korean looks whether a lab that is translated is so as a whole: a title, texts
// that are of the English as it is, and a sentence for each that its checks say.
func (in *inspection) korean() {
	files, _ := load.CheckFiles(in.dir)
	own, err := translate.Lab(in.dir)
	if err != nil {
		in.add(translate.File, 0, "", "ko.yaml is a map from English to Korean", labs.Sentence(strings.TrimSpace(err.Error())))
		return
	}
	if in.m.Korean == (labs.Name{}) && own == nil && !slices.ContainsFunc(in.texts, isKorean) {
		return
	}
	if in.m.Korean == (labs.Name{}) {
		in.add(manifest.File, 0, "", "a lab that is translated has its names in Korean", "Write ko: with a title and a summary.")
	}
	in.koreanTexts()
	in.koreanSentences(files, own)
}

func isKorean(t load.StepText) bool { return t.Language == "ko" }

// koreanTexts tells of steps without a Korean text, or with one of other English.
func (in *inspection) koreanTexts() {
	of := map[string]load.StepText{}
	for _, t := range in.texts {
		if isKorean(t) {
			of[key(t)] = t
		}
	}
	for _, english := range in.texts {
		if english.Language != "en" {
			continue
		}
		file := fmt.Sprintf("steps/%s.ko.md", key(english))
		korean, ok := of[key(english)]
		switch now := translate.Sum(english.Source); {
		case !ok:
			in.add(file, 0, "", "each step of a translated lab is translated", "Write it, and run labs translated.")
		case korean.English != now:
			in.add(file, 1, korean.English, "a translation is of the English as it is now",
				fmt.Sprintf("Compare it with steps/%s.md, and run labs translated %s/%d.", key(english), in.folder, english.Step))
		}
	}
}

// koreanSentences tells what ko.yaml lacks, and what in it fits nothing.
func (in *inspection) koreanSentences(files []load.CheckFile, own map[string]string) {
	var syntax []*ast.File
	for _, f := range files {
		syntax = append(syntax, f.Syntax)
	}
	source := translate.Read(syntax)
	known, _ := translate.Common()
	maps.Copy(known, own)
	titles := map[string]bool{}
	for _, f := range files {
		for _, c := range f.Checks() {
			titles[c.Title] = true
			in.sentence(f, c.Line, c.Title, known)
		}
		for _, said := range source.Said() {
			if f.Syntax.FileStart <= said.Pos && said.Pos < f.Syntax.FileEnd {
				in.sentence(f, f.Line(said.Pos), said.Text, known)
			}
		}
	}
	for _, english := range slices.Sorted(maps.Keys(own)) {
		in.koreanSentence(english, own[english], titles[english] || source.Has(english))
	}
}

// sentence tells of one that ko.yaml lacks.
func (in *inspection) sentence(f load.CheckFile, line int, english string, known map[string]string) {
	if known[english] == "" {
		in.add("checks/"+path.Base(f.Name), line, english, "what a check says is in "+translate.File, "Add it there, with its Korean.")
		known[english] = english // it is told once
	}
}

// koreanSentence looks at one line of ko.yaml.
func (in *inspection) koreanSentence(english, korean string, said bool) {
	switch {
	case !said:
		in.add(translate.File, 0, english, "ko.yaml has only what the checks say",
			"Remove it, or write it as the checks do, with %s for what is joined by +.")
	case translate.Vague(english):
		in.add(translate.File, 0, english, "a format in ko.yaml has words of its own", "Remove it: it would match what was never made of it.")
	case !translate.Fits(english, korean):
		in.add(translate.File, 0, korean, "a translation has the arguments of the English", "Number them where their order is another: %[2]d.")
	}
}
