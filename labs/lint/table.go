package lint

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"cnalab/labs/load"
	"cnalab/labs/textfile"
)

// tableFile holds the table: for each step a section, and in it a row for
// each sentence that asks for something, with the checks that fail where it is
// ignored. It keeps a text from asking for what nobody checks, and a check
// from demanding what no text asks for.
const tableFile = "checks/README.md"

// row is one line of the table.
type row struct {
	line  int
	quote string   // from the step's text
	names []string // checks, or none where the sentence is free
}

var (
	section      = regexp.MustCompile(`^## (\d+)\b`)
	numbered     = regexp.MustCompile(`^\d+\. `)
	tableDivider = regexp.MustCompile(`^\|[ :|-]+\|$`)
)

// table looks at the sentences of each step, and at the checks that hold them.
func (in *inspection) table(checks []load.FoundCheck) {
	source, err := textfile.Read(filepath.Join(in.dir, tableFile), textfile.MaxFile)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		in.found = append(in.found, textfile.Violation(path.Join(in.folder, tableFile), err))
		return
	}
	if err != nil {
		in.add(tableFile, 0, "", "the table says which check holds which sentence",
			"Write a section ## 1 for each step, and below it the rows | The text says | The check |.")
		return
	}
	rows := in.rows(string(source))
	for _, t := range in.texts {
		if t.Language == "en" {
			in.sentences(t, rows[t.Step])
		}
	}
	in.named(rows, checks)
}

// rows reads the table, a list of rows for each step.
func (in *inspection) rows(source string) map[int][]row {
	rows := map[int][]row{}
	step, headed := 0, false
	load.EachLine(source, func(number int, line string, _ bool) {
		switch {
		case section.MatchString(line):
			step, _ = strconv.Atoi(section.FindStringSubmatch(line)[1])
			headed = false
		case !strings.HasPrefix(line, "|"):
		case tableDivider.MatchString(line):
			headed = true
		case headed:
			if r, ok := in.row(number, line); ok {
				rows[step] = append(rows[step], r)
			}
		}
	})
	return rows
}

func (in *inspection) row(number int, line string) (row, bool) {
	quote, checks, ok := strings.Cut(strings.Trim(line, "| "), " | ")
	if !ok || strings.Contains(checks, " | ") {
		in.add(tableFile, number, line, "a row has two cells", "Write | a sentence of the text | the checks, or free: why none is needed |.")
		return row{}, false
	}
	r := row{line: number, quote: words(quote)}
	if reason, free := strings.CutPrefix(strings.TrimSpace(checks), "free:"); free {
		if strings.TrimSpace(reason) == "" {
			in.add(tableFile, number, quote, "a sentence that no check holds says why", "Write the reason behind free:.")
		}
		return r, true
	}
	for name := range strings.SplitSeq(checks, ",") {
		r.names = append(r.names, strings.Trim(name, " `"))
	}
	return r, true
}

// sentences tells of rows that quote what the text does not say, and of what
// the text asks for that no row quotes.
func (in *inspection) sentences(t load.StepText, rows []row) {
	all := words(t.Source)
	for _, r := range rows {
		if !strings.Contains(all, r.quote) {
			in.add(tableFile, r.line, r.quote, "a row quotes the step's text",
				fmt.Sprintf("Copy the sentence from steps/%s, or remove the row.", path.Base(t.File)))
		}
	}
	for _, item := range items(t) {
		quoted := func(r row) bool { return strings.Contains(item.words, r.quote) }
		if !slices.ContainsFunc(rows, quoted) {
			in.add("steps/"+path.Base(t.File), item.line, "", "each numbered sentence has its check",
				fmt.Sprintf("Quote it in %s below ## %d, with the checks that fail where it is ignored.", tableFile, t.Step))
		}
	}
}

// item is one entry of a numbered list.
type item struct {
	line  int
	words string
}

// items returns the numbered entries of a text, each up to the next one, or to
// the next paragraph that belongs to none.
func items(t load.StepText) []item {
	var all []item
	open := false
	load.EachLine(t.Source, func(number int, line string, fenced bool) {
		switch {
		case !fenced && numbered.MatchString(line):
			all = append(all, item{line: number})
			open = true
		case !fenced && line != "" && !strings.HasPrefix(line, " "):
			open = false
		}
		if open {
			all[len(all)-1].words += line + " "
		}
	})
	for i := range all {
		all[i].words = words(all[i].words)
	}
	return all
}

// named tells of names that no check has, and of checks that no row names.
func (in *inspection) named(rows map[int][]row, checks []load.FoundCheck) {
	steps := map[string]int{}
	for _, c := range checks {
		steps[c.Name] = c.Step
	}
	held := map[string]bool{}
	for step, list := range rows {
		for _, r := range list {
			for _, name := range r.names {
				held[name] = true
				if of, ok := steps[name]; !ok || of > step {
					in.add(tableFile, r.line, name, "a row names checks of its step, or of one before",
						fmt.Sprintf("Name a TestStep%02d_… of the check files, or write free: and why no check is needed.", step))
				}
			}
		}
	}
	for _, c := range checks {
		if !held[c.Name] {
			in.add("checks/"+path.Base(c.File), c.Line, c.Name, "each check holds a sentence of the text",
				fmt.Sprintf("Name it in %s beside the sentence; where the text does not ask for it, ask, or remove the check.", tableFile))
		}
	}
}

// words is a text with its spaces and line breaks alike, and without the
// escapes that a cell of a table needs.
func words(text string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(text, `\|`, "|")), " ")
}
