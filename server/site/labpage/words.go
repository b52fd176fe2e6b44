package labpage

import (
	"strings"

	"cnalab/server/site/glossary"
	webl "cnalab/web/lab"
)

// glossary lists the words of the lab's steps up to one, in the order in
// which a learner meets them, and how many of them come before that step.
func (v *View) glossary() (all []glossary.Word, before int) {
	language := v.language
	if _, translated := v.step.Texts[language]; !translated {
		language = "en" // as the text is that uses them
	}
	known := map[string]bool{}
	for i := range v.lab.Steps[:v.step.Number] {
		if i == v.step.Number-1 {
			before = len(all)
		}
		for _, w := range v.texts.Words(v.lab.Steps[i].In(language).Body) {
			if key := strings.ToLower(w.Name); !known[key] {
				known[key] = true
				all = append(all, w)
			}
		}
	}
	return all, before
}

// prose is the step's text, in which words of earlier steps say what they
// mean, and all words so far.
func (v *View) prose() (html string, list []webl.Word) {
	all, before := v.glossary()
	for _, w := range all {
		list = append(list, webl.Word{Name: w.Name, Means: w.Means, Link: w.Link})
	}
	return v.texts.Step(v.step.In(v.language).Body, all[:before], v.answer), list
}
