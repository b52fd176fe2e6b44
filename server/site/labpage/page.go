package labpage

import (
	"strings"

	"cnalab/labs"
	webl "cnalab/web/lab"
	"cnalab/web/page"
)

// Heading is what a lab is called.
func Heading(lab *labs.Lab, language string) webl.Heading {
	name := lab.In(language)
	return webl.Heading{Number: lab.Number, Title: name.Title, Summary: name.Summary, Planned: lab.Planned}
}

// Page is the whole page, with the file open that the learner asked for.
func (v *View) Page(shell page.Shell, file string) (webl.Page, error) {
	files, err := v.Files(file)
	if err != nil {
		return webl.Page{}, err
	}
	return webl.Page{
		Shell:   shell,
		Heading: Heading(v.lab, v.language),
		Stepper: v.Stepper(),
		Text:    v.text(),
		Workbench: webl.Workbench{Files: files, WorkspaceMenu: v.WorkspaceMenu(files), Sandbox: v.Sandbox(), Log: v.Log(),
			Terminal: webl.Terminal{Variables: v.lab.Variables(), Kinds: v.lab.Needs()}},
		ResultBar: v.ResultBar(),
		Notice:    v.notice(),
		WhyClosed: v.WhyClosed(),
	}, nil
}

func (v *View) text() webl.Text {
	text := v.step.In(v.language)
	_, translated := v.step.Texts[v.language]
	html, words := v.prose()
	return webl.Text{
		At:           v.At(),
		Title:        text.Title,
		HTML:         html,
		Words:        words,
		Untranslated: !translated,
		Hints:        v.Hints(),
		Solution:     v.Solution(),
		Before:       v.stepLink(v.step.Number - 1),
		Next:         v.stepLink(v.step.Number + 1),
	}
}

// notice says what was mended, or what the form before this page did.
func (v *View) notice() webl.Notice {
	n := webl.Notice{At: v.At()}
	said, undo := v.session.Reminder()
	n.Undo = undo
	for _, sentence := range append([]string{said}, v.workspace.Notices()...) {
		n.Say = strings.TrimSpace(n.Say + " " + v.translate(sentence))
	}
	return n
}
