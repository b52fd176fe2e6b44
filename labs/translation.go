package labs

import "slices"

// Translator says an English sentence in another language, and in English where it
// has no other.
type Translator interface{ Translate(english string) string }

// Translate is what a check or the program says, in a language.
func (l *Lab) Translate(english, language string) string {
	if t, ok := l.Sentences[language]; ok && english != "" {
		return t.Translate(english)
	}
	return english
}

// TranslateCheck is what a check reports, in a language. Its output is the learner's, and
// stays as it is.
func (l *Lab) TranslateCheck(c CheckReport, language string) CheckReport {
	for _, text := range []*string{&c.Title, &c.Say, &c.Got, &c.Want, &c.Next} {
		*text = l.Translate(*text, language)
	}
	return c
}

// TranslateReport is a report about the lab, in a language.
func (l *Lab) TranslateReport(r Report, language string) Report {
	steps := make([]StepReport, len(r.Steps))
	for i, s := range r.Steps {
		if step := l.Step(s.Step); step != nil && language != "en" {
			s.Title = step.In(language).Title
		}
		checks := make([]CheckReport, len(s.Checks))
		for j, c := range s.Checks {
			checks[j] = l.TranslateCheck(c, language)
		}
		s.Checks = checks
		notes := slices.Clone(s.Notes)
		for j, note := range notes {
			notes[j] = l.Translate(note, language)
		}
		s.Notes = notes
		steps[i] = s
	}
	r.Steps = steps
	return r
}
