package markdown

import (
	"bytes"
	"errors"
	"hash/fnv"
	"html/template"
	"regexp"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"
)

// question is what a ```question block asks before the learner looks: options to
// choose from, and below them what shows the answer. It is Markdown in a fence:
// a task list, in which what is right is ticked, parts the two.
type question struct {
	asks    string
	options []option
	answer  string
}

type option struct {
	text  string
	right bool
}

// How many options a question has: more make it no better.
const fewestOptions, mostOptions = 2, 5

var optionLine = regexp.MustCompile(`^[-*] \[([ xX])\] +(\S.*)$`)

// readQuestion reads a block.
func readQuestion(block string) (question, error) {
	var q question
	var asks, answer []string
	goesOn := false // the line before is an option's, and so is this one unless it is empty
	for line := range strings.Lines(block) {
		line = strings.TrimRight(line, " \r\n")
		found := optionLine.FindStringSubmatch(line)
		goesOn = goesOn && line != ""
		switch {
		case found != nil && len(answer) > 0:
			return question{}, errors.New("its options are one list, in one place")
		case found != nil:
			q.options = append(q.options, option{text: found[2], right: found[1] != " "})
			goesOn = true
		case goesOn:
			q.options[len(q.options)-1].text += " " + strings.TrimSpace(line)
		case len(q.options) == 0:
			asks = append(asks, line)
		case line != "" || len(answer) > 0:
			answer = append(answer, line)
		}
	}
	q.asks, q.answer = strings.TrimSpace(strings.Join(asks, "\n")), strings.TrimSpace(strings.Join(answer, "\n"))
	return q, q.fault()
}

// fault is what keeps it from being a question.
func (q question) fault() error {
	right := 0
	for _, o := range q.options {
		if o.right {
			right++
		}
	}
	switch {
	case q.asks == "":
		return errors.New("it begins with what it asks")
	case len(q.options) < fewestOptions || len(q.options) > mostOptions:
		return errors.New("it has two to five options, each a line that begins with \"- [ ] \"")
	case right != 1:
		return errors.New("one option is right, and begins with \"- [x] \"")
	case q.answer == "":
		return errors.New("below its options it says, or shows, what happens")
	}
	return nil
}

// ask draws a question. The browser itself opens the answer, so it is there
// without scripts too; with them a choice opens it.
func ask(w util.BufWriter, block, label string) error {
	q, err := readQuestion(block)
	if err != nil {
		return err
	}
	name := questionName(q)
	put := func(parts ...string) {
		for _, part := range parts {
			_, _ = w.WriteString(part)
		}
	}
	put(`<div class="question" role="group" aria-labelledby="`, name, `" data-question="`, name, `"><div class="question-asks" id="`, name, `">`, inner(q.asks), "</div>\n")
	for _, o := range q.options {
		right := ""
		if o.right {
			right = " data-right"
		}
		put(`<button type="button" class="button" aria-pressed="false"`, right, `>`, inner(o.text), "</button>\n")
	}
	put(`<details><summary>`, template.HTMLEscapeString(label), "</summary>\n", inner(q.answer), "</details></div>\n")
	return nil
}

// questionName tells questions apart, for as long as they ask the same.
func questionName(q question) string {
	sum := fnv.New32a()
	_, _ = sum.Write([]byte(q.asks))
	return "question-" + strconv.FormatUint(uint64(sum.Sum32()), 36)
}

// inner is Markdown inside of a question; a single paragraph has no element of its own.
func inner(source string) string {
	var out bytes.Buffer
	if err := converter.Convert([]byte(source), &out); err != nil {
		return template.HTMLEscapeString(source)
	}
	html := strings.TrimSpace(out.String())
	if one, found := strings.CutPrefix(html, "<p>"); found && strings.Count(html, "<p>") == 1 && strings.HasSuffix(one, "</p>") {
		return strings.TrimSuffix(one, "</p>")
	}
	return html
}

// answerLabel is what the line says that opens an answer, kept with the document.
const answerLabel = "answer"

func labelOf(node ast.Node) string {
	label, _ := node.OwnerDocument().Meta()[answerLabel].(string)
	return label
}
