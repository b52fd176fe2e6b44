package labs

// words are what a check says, by the names under which Messages has them.
func (c *CheckReport) words() map[string]*string {
	return map[string]*string{"say": &c.Say, "got": &c.Got, "want": &c.Want, "next": &c.Next}
}

// KeepMessages notes how the check's words were made, as far as this process has
// made them, and forgets what is noted of others.
func (c *CheckReport) KeepMessages() {
	kept := map[string]Message{}
	for name, text := range c.words() {
		m, ok := c.Messages[name]
		if !ok || m.String() != *text {
			m, ok = MessageOf(*text)
		}
		if ok && len(m.Args) > 0 && m.String() == *text {
			kept[name] = m
		}
	}
	if c.Messages = kept; len(kept) == 0 {
		c.Messages = nil
	}
}

// In is the report in the language of the translations, and what they lack in
// English.
func (c CheckReport) In(translations Translations) CheckReport {
	for name, text := range c.words() {
		m, ok := c.Messages[name]
		if !ok {
			m = Message{Format: *text}
		}
		*text = m.In(translations)
	}
	c.Title, c.Messages = translations.Of(c.Title), nil
	return c
}

// Translate is a report about the lab in a language, and what is not translated
// in English.
func (l *Lab) Translate(r Report, language string) Report {
	if language == "en" {
		return r
	}
	steps := make([]StepReport, len(r.Steps))
	for i, s := range r.Steps {
		if step := l.Step(s.Step); step != nil {
			s.Title = step.In(language).Title
		}
		checks := make([]CheckReport, len(s.Checks))
		for j, c := range s.Checks {
			checks[j] = c.In(l.Sentences[language])
		}
		s.Checks = checks
		steps[i] = s
	}
	r.Steps = steps
	return r
}
