package lint

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"

	"cnalab/labs"
	"cnalab/labs/load"
)

// steps looks at the texts: their names, numbers, titles, hints and languages.
func (in *inspection) steps() {
	entries, _ := os.ReadDir(filepath.Join(in.dir, "steps"))
	for _, entry := range entries {
		if !load.IsStepFile(entry.Name()) || !entry.Type().IsRegular() {
			in.add("steps/"+entry.Name(), 0, "", "steps holds only texts", "Name it in the form 01-publish.md or 01-publish.ko.md, or remove it.")
		}
	}
	texts, found := load.Texts(in.dir)
	in.texts, in.found = texts, append(in.found, found...)
	lab := &labs.Lab{Folder: in.folder}
	hints := map[string]int{}
	for _, t := range texts {
		if t.Language == "en" {
			lab.Steps = append(lab.Steps, labs.Step{Number: t.Step, Slug: t.Slug})
			hints[key(t)] = len(t.Hints)
		}
	}
	in.count = len(lab.Steps)
	in.found = append(in.found, load.Numbering(lab)...)
	for _, t := range texts {
		in.text(t)
		in.translation(t, hints)
	}
}

// key is what a step's texts in all languages share.
func key(t load.StepText) string { return fmt.Sprintf("%02d-%s", t.Step, t.Slug) }

func (in *inspection) text(t load.StepText) {
	file := "steps/" + path.Base(t.File)
	if t.Title == "" {
		in.add(file, 1, "", "a step's text starts with its title", "Write it as the first line: # Publish what happened.")
	}
	if t.Body == "" {
		in.add(file, 0, "", "a step's text says what to do", "Write the reason, what to do in order, and what to expect.")
	}
	if len(t.Hints) == 0 {
		in.add(file, 0, "", "a step has hints", "End the text with ## Hints, and below it one ### for each hint.")
	}
	for _, hint := range t.Hints {
		if hint.Title == "" || hint.Body == "" {
			in.add(file, lineOf(t.Source, "### "+hint.Title), hint.Title, "a hint has a title and a text", "Write what it tells below its ### line.")
		}
	}
}

func (in *inspection) translation(t load.StepText, hints map[string]int) {
	if t.Language == "en" {
		return
	}
	file := "steps/" + path.Base(t.File)
	want, ok := hints[key(t)]
	switch {
	case !ok:
		in.add(file, 0, "", "a translated step has the name of an English one", fmt.Sprintf("Write steps/%s.md, or rename this file.", key(t)))
	case len(t.Hints) != want:
		in.add(file, lineOf(t.Source, "## Hints"), fmt.Sprintf("%d hints", len(t.Hints)), "a translation has as many hints as the English text",
			fmt.Sprintf("Write %d hints, as in steps/%s.md.", want, key(t)))
	}
}

// fileLink is a link from a step's text to a file of the workspace, maybe
// with a line.
var fileLink = regexp.MustCompile(`\]\(file:([^)\s#:]+)[^)]*\)`)

// links tells of links to files that the learner does not have at that step,
// neither before nor after solving it.
func (in *inspection) links() {
	lab := &labs.Lab{Dir: in.dir, Folder: in.folder}
	trees := map[int]labs.Tree{}
	for _, t := range in.texts {
		if _, ok := trees[t.Step]; !ok {
			trees[t.Step] = reachable(lab, t.Step)
		}
		load.EachLine(t.Source, func(number int, line string, fenced bool) {
			for _, link := range fileLink.FindAllStringSubmatch(line, -1) {
				if !fenced && !trees[t.Step].Holds(path.Clean(link[1])) {
					in.add("steps/"+path.Base(t.File), number, link[1], "a file link leads to a file of the workspace",
						fmt.Sprintf("Link to a file that is in workspace, or in a solution up to %02d.", t.Step))
				}
			}
		})
	}
}

// reachable is every file a learner may have in the step, before or after it.
func reachable(l *labs.Lab, step int) labs.Tree {
	tree, err := l.Starter()
	if err != nil {
		return labs.Tree{}
	}
	for n := 1; n <= step; n++ {
		layer, err := l.Solution(n)
		if err != nil {
			continue
		}
		if n == step {
			layer.Removed = nil
		}
		tree = tree.With(layer)
	}
	return tree
}

// lineOf returns the number of the first line that starts so, or 0.
func lineOf(source, start string) int {
	number := 0
	for line := range strings.Lines(source) {
		if number++; strings.HasPrefix(line, start) {
			return number
		}
	}
	return 0
}
