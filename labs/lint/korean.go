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
func (in *inspection) koreanSentences(files []load.CheckFile, own labs.Translations) {
	var syntax []*ast.File
	for _, f := range files {
		syntax = append(syntax, f.Syntax)
	}
	source, all := translate.Read(syntax), labs.Translations{}
	common, _ := translate.Common()
	maps.Copy(all, common)
	maps.Copy(all, own)
	titles := map[string]bool{}
	for _, f := range files {
		for _, c := range f.Checks() {
			titles[c.Title] = true
			in.sentence(f, c.Line, c.Title, all)
		}
		for _, said := range source.Said() {
			if f.Syntax.FileStart <= said.Pos && said.Pos < f.Syntax.FileEnd {
				in.said(f, said, all)
			}
		}
	}
	for _, english := range slices.Sorted(maps.Keys(own)) {
		switch {
		case !titles[english] && !source.Has(english):
			in.add(translate.File, 0, english, "ko.yaml has only what the checks say", "Remove it, or write it as the checks do.")
		case !translate.Fits(english, own[english]):
			in.add(translate.File, 0, own[english], "a translation has the arguments of the English, by the same verbs",
				"Number them where their order is another: %[2]d.")
		}
	}
}

func (in *inspection) said(f load.CheckFile, said translate.Said, all labs.Translations) {
	if said.Glued {
		in.add("checks/"+path.Base(f.Name), f.Line(said.Pos), said.Text, "a check says a sentence as one format and its arguments",
			"Write it with check.Sprintf, or with fmt.Sprintf where it is data.")
		return
	}
	in.sentence(f, f.Line(said.Pos), said.Text, all)
}

func (in *inspection) sentence(f load.CheckFile, line int, english string, all labs.Translations) {
	if all[english] == "" {
		in.add("checks/"+path.Base(f.Name), line, english, "what a check says is in "+translate.File, "Add it there, with its Korean.")
		all[english] = english // it is told once
	}
}
